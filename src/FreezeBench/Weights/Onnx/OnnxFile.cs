using FreezeBench.Results;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Onnx;

/// <summary>An ONNX model on disk that is known by its hash.</summary>
internal static class OnnxFile
{
    // Above every file that is known; what is larger is none of them, and is not taken into memory.
    private const long LargestBytes = 100_000_000;

    /// <summary>The weights of a model.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="sha256">What it must have, lower-case hex.</param>
    /// <exception cref="UserErrorException">It cannot be read, or is another file.</exception>
    public static IReadOnlyList<TensorEntry> Read(string path, string sha256)
    {
        byte[] file;
        try
        {
            file = RegularFile.ReadAllBytes(path, LargestBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The weights file '{path}' cannot be read: {e.Message}", e);
        }
        var found = Convert.ToHexStringLower(Results.Sha256.HashData(file));
        if (found != sha256)
            throw new UserErrorException($"The weights file '{path}' has the SHA-256 {found}, expected is {sha256}. Delete the package's folder and restore it again.");
        try
        {
            return OnnxInitializers.Read(file);
        }
        catch (WeightsFaultException e)
        {
            throw new UserErrorException($"The weights file '{path}' was not read: {e.Message}", e);
        }
    }
}
