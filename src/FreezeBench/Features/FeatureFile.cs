using System.Globalization;
using System.Text;
using FreezeBench.Results;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Loading;
using FreezeBench.Weights.Safetensors;
using static TorchSharp.torch;

namespace FreezeBench.Features;

/// <summary>
/// The file of one set's features: a safetensors file with one float32 tensor [N, F], whose metadata hold the key as text and a
/// SHA-256 over type, shape and bytes.
/// </summary>
internal static class FeatureFile
{
    /// <summary>What a file is read into at once bounds its size (<see cref="StateDictFile"/>).</summary>
    internal const long LargestBytes = 2_000_000_000;

    private const string TensorName = "features";
    private const string FormatName = "format";
    private const string Format = "freezebench-features";
    private const string KeyName = "key";
    private const string HashName = "content_sha256";

    /// <summary>Writes the whole file or nothing.</summary>
    /// <param name="path">Replaced if it is there; its folder exists.</param>
    /// <param name="key">Of the features.</param>
    /// <param name="features">float32 [N, F], on any device.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    internal static void Write(string path, FeatureKey key, Tensor features)
    {
        using var scope = NewDisposeScope();
        var host = features.detach().cpu().contiguous();
        SafetensorsWriter.Write(path, [KeyValuePair.Create(TensorName, host)], new Dictionary<string, string>
        {
            [FormatName] = Format,
            [KeyName] = key.Text,
            [HashName] = Hash(host),
        });
    }

    /// <summary>Reads a file and checks it to the last bit.</summary>
    /// <returns>float32 [N, F] on the CPU; the caller disposes it.</returns>
    /// <exception cref="UserErrorException">It cannot be read, is damaged, or holds other features than the key's; the message is the reason alone.</exception>
    internal static Tensor Read(string path, FeatureKey key)
    {
        var file = Parse(path);
        if (file.Metadata.GetValueOrDefault(FormatName) != Format)
            throw new UserErrorException("it is no file of features");
        if (file.Metadata.GetValueOrDefault(KeyName) != key.Text)
            throw new UserErrorException("it holds other features than its name says");
        if (file.Entries is not [{ Name: TensorName } entry] || entry.Type.ScalarType != ScalarType.Float32 || !entry.Shape.SequenceEqual([key.Images, key.FeatureCount]))
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"it does not hold float32 [{key.Images}, {key.FeatureCount}] and nothing else"));
        using var scope = NewDisposeScope();
        var features = entry.ToTensor();
        if (file.Metadata.GetValueOrDefault(HashName) != Hash(features))
            throw new UserErrorException("it is damaged: its content has another SHA-256 than it had when it was written");
        return features.MoveToOuterDisposeScope();
    }

    private static StateDictFile Parse(string path)
    {
        try
        {
            return StateDictFile.Read(path);
        }
        catch (UserErrorException e)
        {
            // The outer message speaks of a weights file; the cause is what there is to say.
            throw new UserErrorException((e.InnerException ?? e).Message.TrimEnd('.').ReplaceLineEndings(" "), e.InnerException ?? e);
        }
    }

    private static string Hash(Tensor features)
    {
        using var hash = new Results.Sha256();
        hash.Append(Encoding.UTF8.GetBytes($"{features.dtype} [{string.Join(", ", features.shape)}]\0"));
        StateDictHash.Append(hash, features);
        return Convert.ToHexStringLower(hash.Finish());
    }
}
