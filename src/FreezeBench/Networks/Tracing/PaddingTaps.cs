namespace FreezeBench.Networks.Tracing;

/// <summary>How much of a convolution falls on pixels and not on padding.</summary>
public static class PaddingTaps
{
    /// <summary>The part of a convolution's products along one axis that are with pixels; those of the two axes are multiplied. 1 without padding, a third of three taps on one pixel.</summary>
    /// <param name="pixels">Of the input.</param>
    /// <param name="outputs">Of the output.</param>
    /// <param name="kernel">Taps of the kernel.</param>
    /// <param name="stride">Pixels from one place to the next.</param>
    /// <param name="padding">Before the first pixel.</param>
    /// <param name="dilation">Pixels from one tap to the next.</param>
    public static double Share(long pixels, long outputs, long kernel, long stride, long padding, long dilation = 1)
    {
        long inside = 0;
        for (var output = 0L; output < outputs; output++)
            for (var tap = 0L; tap < kernel; tap++)
                inside += (output * stride) - padding + (tap * dilation) is var place && place >= 0 && place < pixels ? 1 : 0;
        return (double)inside / (outputs * kernel);
    }
}
