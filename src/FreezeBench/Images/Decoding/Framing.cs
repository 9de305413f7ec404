namespace FreezeBench.Images.Decoding;

/// <summary>One axis of a framing: some pixels are resized, and some of the result are kept.</summary>
/// <param name="Start">First pixel of the box that is resized, in the image's own pixels.</param>
/// <param name="Length">Pixels of the box; the resize sees nothing outside of it.</param>
/// <param name="Resized">Pixels that the box becomes, 1 or more.</param>
/// <param name="Offset">First of the resized pixels that is kept.</param>
public readonly record struct AxisFraming(int Start, int Length, int Resized, int Offset)
{
    /// <summary>Pixels of the image for one pixel of the result, in float32 as torch computes it.</summary>
    internal float Scale => (float)Length / Resized;
}

/// <summary>What the network sees of an image: a resize of a box, a part of the result, perhaps mirrored.</summary>
/// <param name="Rows">The vertical axis.</param>
/// <param name="Columns">The horizontal axis.</param>
/// <param name="Flipped">Left and right exchanged in the result.</param>
public readonly record struct Framing(AxisFraming Rows, AxisFraming Columns, bool Flipped = false)
{
    // 256 for a network that sees 224: torchvision's evaluation of ImageNet networks, and its share for other sizes.
    private const int ResizedPer224 = 256;

    /// <summary>The whole image as a square, whatever its shape.</summary>
    internal static Framing Whole(int height, int width, int resolutionPx) => Of(new CropBox(0, 0, height, width), resolutionPx);

    /// <summary>A box as a square, as <c>resized_crop</c> makes it: nothing outside of the box plays a part.</summary>
    internal static Framing Of(CropBox box, int resolutionPx) =>
        new(new AxisFraming(box.Top, box.Height, resolutionPx, 0), new AxisFraming(box.Left, box.Width, resolutionPx, 0));

    /// <summary>
    /// torchvision's <c>Resize</c> of the short side to R * 256 / 224 (rounded), then <c>CenterCrop(R)</c>: the long side is
    /// cut to whole pixels, and half an odd border rounds to the even neighbour.
    /// </summary>
    internal static Framing Centre(int height, int width, int resolutionPx)
    {
        var shortSide = (int)Math.Round(resolutionPx * (double)ResizedPer224 / 224);
        int Side(int side, int other) => side <= other ? shortSide : (int)((long)shortSide * side / other);
        int Offset(int resized) => (int)Math.Round((resized - resolutionPx) / 2.0);
        var (rows, columns) = (Side(height, width), Side(width, height));
        return new Framing(new AxisFraming(0, height, rows, Offset(rows)), new AxisFraming(0, width, columns, Offset(columns)));
    }
}

/// <summary>Decides the framing of every image of an epoch.</summary>
/// <param name="augmentation">What is drawn.</param>
/// <param name="crop">How boxes are drawn, where they are.</param>
/// <param name="still">The framing without augmentation, from height, width and resolution.</param>
/// <param name="resolutionPx">Height and width of the result in pixels.</param>
internal sealed class Framer(Augmentation augmentation, RandomCrop crop, Func<int, int, int, Framing> still, int resolutionPx)
{
    // torchvision's RandomHorizontalFlip.
    private const double FlipProbability = 0.5;

    /// <summary>The framing of one image; seed, epoch and index decide, and neither batch size nor device.</summary>
    internal Framing Frame(int height, int width, long seed, int epoch, long index)
    {
        var random = SplitMix64.ForImage(seed, epoch, index);
        var framing = augmentation.Crops ? Framing.Of(crop.Draw(ref random, height, width), resolutionPx) : still(height, width, resolutionPx);
        return framing with { Flipped = augmentation.Flips && random.NextUniform(0, 1) < FlipProbability };
    }
}
