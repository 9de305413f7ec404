namespace FreezeBench.Images.Decoding;

/// <summary>What each pixel of a resized axis is made of: a few neighbours and their weights.</summary>
/// <remarks>
/// The weights of torch's antialiased bilinear resize (<c>align_corners = false</c>), in float32 and in the order of its
/// operations: a triangle whose half width is the larger of 1 and the scale, cut at the box's edge and normalised.
/// </remarks>
internal sealed class AxisTaps
{
    private readonly int[] firsts;
    private readonly float[][] weights;

    /// <param name="axis">Box, resize and part.</param>
    /// <param name="resolutionPx">Pixels of the result that are kept.</param>
    /// <param name="reversed">The last kept pixel comes first.</param>
    internal AxisTaps(AxisFraming axis, int resolutionPx, bool reversed)
    {
        (firsts, weights) = (new int[resolutionPx], new float[resolutionPx][]);
        var (scale, support) = (axis.Scale, Math.Max(1, axis.Scale));
        var inverseWidth = 1 / support;
        for (var pixel = 0; pixel < resolutionPx; pixel++)
        {
            var centre = (axis.Offset + (reversed ? resolutionPx - 1 - pixel : pixel) + 0.5f) * scale;
            float Weight(int position) => Math.Max(0, 1 - Math.Abs((position - centre + 0.5f) * inverseWidth));
            var begin = Math.Max(0, (int)(centre - support - 1));
            var end = Math.Min(axis.Length, (int)(centre + support + 2));
            while (Weight(begin) == 0)
                begin++;
            while (Weight(end - 1) == 0)
                end--;
            var own = new float[end - begin];
            for (var tap = 0; tap < own.Length; tap++)
                own[tap] = Weight(begin + tap);
            var sum = own.Sum();
            for (var tap = 0; tap < own.Length; tap++)
                own[tap] /= sum;
            (firsts[pixel], weights[pixel]) = (axis.Start + begin, own);
        }
        First = firsts.Min();
        Count = firsts.Zip(weights, (first, own) => first + own.Length).Max() - First;
    }

    /// <summary>The image's first pixel that any of them is made of.</summary>
    internal int First { get; }

    /// <summary>Pixels from there to the last one.</summary>
    internal int Count { get; }

    /// <summary>The image's first pixel of a resized one.</summary>
    internal int FirstOf(int pixel) => firsts[pixel];

    /// <summary>The weights of that and the next ones; their sum is 1.</summary>
    internal ReadOnlySpan<float> WeightsOf(int pixel) => weights[pixel];
}
