using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>The identity of a data set: what is hashed is what is trained on, not the file that it came from.</summary>
public static class ContentHasher
{
    // Labels and pixels are hashed in chunks, so that a set on the GPU needs no second copy in host memory.
    private const int ImagesPerChunk = 4096;

    /// <summary>SHA-256 over the labels (int64, little-endian), then the pixels (uint8, NCHW), as lower-case hex.</summary>
    /// <param name="images">uint8 [N, 3, H, W], on any device.</param>
    /// <param name="labels">int64 [N], on any device.</param>
    public static string Hash(Tensor images, Tensor labels)
    {
        using var hash = new Results.Sha256();
        for (long start = 0; start < labels.size(0); start += ImagesPerChunk)
            Append(hash, labels, start);
        for (long start = 0; start < images.size(0); start += ImagesPerChunk)
            Append(hash, images, start);
        return Convert.ToHexStringLower(hash.Finish());
    }

    private static void Append(Results.Sha256 hash, Tensor tensor, long start)
    {
        using var scope = NewDisposeScope();
        var chunk = tensor.narrow(0, start, Math.Min(ImagesPerChunk, tensor.size(0) - start)).contiguous().cpu();
        hash.Append(chunk.bytes);
    }
}
