namespace FreezeBench.Networks.Tracing;

/// <summary>Images over which libtorch does not compute every convolution's gradient in bfloat16.</summary>
/// <remarks>
/// Where an image is narrower than a convolution's stride and is padded, as one pixel is by a 3x3 kernel of stride 2, oneDNN's gradient of the weight in
/// bfloat16 is a sum with memory that nobody wrote: right, or anything up to infinity, as the memory happens to be. Seen with libtorch 2.10 on a CPU with AVX512_BF16, in
/// either memory format, with and without groups, in 756 combinations of kernel, stride, padding and size: in all that were wrong the width was below the
/// stride. The output and the input's gradient were right in all; float32, float16, and oneDNN without AVX512_BF16 (<c>ONEDNN_MAX_CPU_ISA</c>) too.
/// </remarks>
internal static class NarrowImage
{
    /// <param name="width">Of the image, in pixels.</param>
    /// <param name="stride">Of the convolution, in width.</param>
    /// <param name="padding">Pixels on each side, in width.</param>
    internal static bool Is(long width, long stride, long padding) => padding > 0 && width < stride;
}
