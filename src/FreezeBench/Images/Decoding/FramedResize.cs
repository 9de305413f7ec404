using static TorchSharp.torch;

namespace FreezeBench.Images.Decoding;

/// <summary>
/// Crop, resize and flip of a batch at once, each image by its own framing: two products with matrices of interpolation
/// weights for each image, one along the rows and one along the columns.
/// </summary>
/// <remarks>
/// The weights are those of torch's antialiased bilinear resize (<c>align_corners = false</c>): a triangle whose half width
/// is the larger of 1 and the scale, cut at the box's edge and normalised. Pixels without weight, such as a
/// padding of smaller images, take no part.
/// </remarks>
internal static class FramedResize
{
    /// <summary>Resamples a batch.</summary>
    /// <param name="pixels">float32 [N, 3, H, W]: each image from its first row and column on, and then anything finite.</param>
    /// <param name="framings">One for each image.</param>
    /// <param name="resolutionPx">R, height and width of the result.</param>
    /// <returns>float32 [N, 3, R, R] in the range of the pixels; lives in the caller's scope.</returns>
    internal static Tensor Apply(Tensor pixels, IReadOnlyList<Framing> framings, int resolutionPx)
    {
        var (count, height, width) = (pixels.size(0), pixels.size(2), pixels.size(3));
        var rows = Weights([.. framings.Select(framing => new Axis(framing.Rows, false))], height, resolutionPx, pixels.device);
        var columns = Weights([.. framings.Select(framing => new Axis(framing.Columns, framing.Flipped))], width, resolutionPx, pixels.device);
        var narrow = bmm(pixels.reshape(count, 3 * height, width), columns.transpose(1, 2)).reshape(count, 3, height, resolutionPx);
        return matmul(rows.unsqueeze(1), narrow);
    }

    /// <returns>float32 [N, R, stored]: row r has what each stored pixel gives to pixel r of the result.</returns>
    private static Tensor Weights(IReadOnlyList<Axis> axes, long stored, int resolutionPx, Device device)
    {
        // One copy to the device for all of them: [6, N, 1, 1].
        var numbers = axes.SelectMany(axis => axis.Numbers(resolutionPx)).ToArray();
        var facts = tensor(numbers, axes.Count, Axis.NumbersEach).t().reshape(Axis.NumbersEach, axes.Count, 1, 1).to(device);
        var (scale, firstKept, direction, shift, length, inverseWidth) = (facts[0], facts[1], facts[2], facts[3], facts[4], facts[5]);
        // In the order of torch's own operations, so that float32 rounds where it does there.
        var kept = arange(resolutionPx, ScalarType.Float32, device).reshape(1, -1, 1) * direction + firstKept;
        var centre = (kept + 0.5f) * scale;
        var position = arange(stored, ScalarType.Float32, device).reshape(1, 1, -1) + shift;
        var weight = (1 - ((position - centre + 0.5f) * inverseWidth).abs()).clamp_min(0);
        weight = weight * (position >= 0).logical_and(position < length);
        return weight / weight.sum(-1, keepdim: true);
    }

    private readonly record struct Axis(AxisFraming Framing, bool Reversed)
    {
        internal const int NumbersEach = 6;

        internal float[] Numbers(int resolutionPx) =>
        [
            Framing.Scale, Framing.Offset + (Reversed ? resolutionPx - 1 : 0), Reversed ? -1 : 1,
            -Framing.Start, Framing.Length, Framing.Scale >= 1 ? 1 / Framing.Scale : 1,
        ];
    }
}
