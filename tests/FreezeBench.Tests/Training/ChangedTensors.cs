using FreezeBench.Weights.Files;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

/// <summary>What differs between two checkpoints of one network.</summary>
internal static class ChangedTensors
{
    /// <summary>Names of the network's tensors whose bits differ, in ordinal order.</summary>
    internal static IReadOnlyList<string> Between(string before, string after)
    {
        using var scope = NewDisposeScope();
        var old = Bits(before);
        return [.. Bits(after).Where(item => !old[item.Key].AsSpan().SequenceEqual(item.Value)).Select(item => item.Key).Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, byte[]> Bits(string path) =>
        StateDictFile.Read(path).Entries.Where(entry => entry.Name.StartsWith("network.", StringComparison.Ordinal)).ToDictionary(entry => entry.Name, entry => entry.ToTensor().contiguous().bytes.ToArray());
}
