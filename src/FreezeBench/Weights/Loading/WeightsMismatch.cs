using FreezeBench.Results;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Loading;

/// <summary>Everything by which a file does not fit a network, gathered for one message.</summary>
internal sealed class WeightsMismatch
{
    private readonly List<string> missing = [];
    private readonly List<string> unexpected = [];
    private readonly List<string> differing = [];

    public void Missing(string name) => missing.Add(Shown.Name(name));

    public void Unexpected(string name) => unexpected.Add(Shown.Name(name));

    /// <param name="name">Entry.</param>
    /// <param name="file">Its shape or type in the file.</param>
    /// <param name="network">The network's.</param>
    public void Differs(string name, string file, string network) =>
        differing.Add($"{Shown.Name(name)} (file {file}, network {network})");

    /// <exception cref="UserErrorException">Something does not fit.</exception>
    /// <param name="file">Of which what could not be read is named too.</param>
    /// <param name="hint">Tells what would fit; null: that is not known.</param>
    public void ThrowIfAny(StateDictFile file, Func<string?> hint)
    {
        List<string> lines = [];
        Add(lines, "Missing in the file", missing);
        Add(lines, "Not in the network", unexpected);
        Add(lines, "Of another shape or type", differing);
        if (lines is [])
            return;
        Add(lines, "In the file, but not read", [.. file.Unread.Select(entry => entry.Reason)]);
        throw new UserErrorException(
            $"The weights file '{file.Path}' does not fit the network. {hint() ?? "Choose the backbone that it was saved from."}\n{string.Join('\n', lines)}");
    }

    private static void Add(List<string> lines, string what, List<string> names)
    {
        if (names is not []) lines.Add($"{what} ({names.Count}): {Shown.List(names)}.");
    }
}
