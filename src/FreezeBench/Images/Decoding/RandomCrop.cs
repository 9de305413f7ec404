namespace FreezeBench.Images.Decoding;

/// <summary>A box of an image: whole pixels.</summary>
/// <param name="Top">First row, 0 or more.</param>
/// <param name="Left">First column, 0 or more.</param>
/// <param name="Height">Rows, 1 or more.</param>
/// <param name="Width">Columns, 1 or more.</param>
public readonly record struct CropBox(int Top, int Left, int Height, int Width);

/// <summary>
/// How boxes are drawn: the algorithm of torchvision's <c>RandomResizedCrop</c> (Szegedy et al. 2015, "Going deeper with
/// convolutions", section 6, made common by its successors).
/// </summary>
/// <param name="SmallestShare">The least share of the image's area that a box may cover, above 0 and at most 1; the most is 1.</param>
public sealed record RandomCrop(double SmallestShare)
{
    // torchvision's default: from upright to lying 3:4.
    private const double SmallestRatio = 3.0 / 4;
    private const double LargestRatio = 4.0 / 3;
    private const int Tries = 10;

    /// <summary>For photographs: torchvision's default of 8 % to 100 % of the area.</summary>
    public static RandomCrop OfPhotographs { get; } = new(0.08);

    /// <summary>
    /// For small images that one thing fills, such as CIFAR's: 50 % to 100 % of the area. The augmentation that CIFAR is
    /// trained with by custom (a shift by up to 4 of 32 pixels) leaves at least 77 % of an image in view; 8 % would be 9 x 9
    /// pixels, often without the thing that the label names, and an image that is 32 pixels wide has no detail to zoom into.
    /// Half (23 x 23 pixels) changes scale and place clearly, and what is left can still be told.
    /// </summary>
    public static RandomCrop OfSmallImages { get; } = new(0.5);

    /// <summary>
    /// A box: area uniform in the share's range, the logarithm of width / height uniform between those of 3/4 and 4/3,
    /// ten tries to fit into the image, and the largest centred box of a valid shape where none does.
    /// </summary>
    internal CropBox Draw(ref SplitMix64 random, int height, int width)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var area = (double)height * width * random.NextUniform(SmallestShare, 1);
            var ratio = Math.Exp(random.NextUniform(Math.Log(SmallestRatio), Math.Log(LargestRatio)));
            var boxWidth = Rounded(Math.Sqrt(area * ratio));
            var boxHeight = Rounded(Math.Sqrt(area / ratio));
            if (boxWidth > 0 && boxWidth <= width && boxHeight > 0 && boxHeight <= height)
                return new CropBox(random.NextBelow(height - boxHeight + 1), random.NextBelow(width - boxWidth + 1), boxHeight, boxWidth);
        }
        return Fallback(height, width);
    }

    /// <summary>The largest centred box whose shape is valid; at least one pixel.</summary>
    internal static CropBox Fallback(int height, int width)
    {
        var shape = (double)width / height;
        var (boxHeight, boxWidth) = shape < SmallestRatio ? (Math.Max(1, Rounded(width / SmallestRatio)), width)
            : shape > LargestRatio ? (height, Math.Max(1, Rounded(height * LargestRatio)))
            : (height, width);
        return new CropBox((height - boxHeight) / 2, (width - boxWidth) / 2, boxHeight, boxWidth);
    }

    // Python's round, which torchvision uses, takes the even neighbour of a half; so does Math.Round.
    private static int Rounded(double value) => (int)Math.Round(value);
}
