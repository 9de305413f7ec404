using FreezeBench.Freezing;
using FreezeBench.Networks.Residual;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

/// <summary>
/// Bit-equality of what is frozen. Exact and not "close": frozen state is not computed anew, so there is no rounding to
/// forgive, and a tolerance would hide the first steps of a drift.
/// </summary>
internal sealed class FrozenAssert : IDisposable
{
    private readonly PolicyNetwork network;
    private readonly Dictionary<string, Tensor> before;

    internal FrozenAssert(PolicyNetwork network)
    {
        this.network = network;
        before = network.Network.state_dict()
            .ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope());
    }

    /// <summary>Parameters and buffers of the frozen stages, num_batches_tracked included, have the bits of the start.</summary>
    internal void Unchanged()
    {
        var frozen = before.Keys.Where(name => StageOf(name) < network.Policy.FirstTrained).ToArray();
        Assert.Equal(frozen.Order(StringComparer.Ordinal), Changes(frozen, changed: false).Order(StringComparer.Ordinal));
    }

    /// <summary>The names of all state-dict entries whose bits have changed.</summary>
    internal IReadOnlyList<string> Changed() => Changes(before.Keys, changed: true);

    public void Dispose()
    {
        foreach (var tensor in before.Values) tensor.Dispose();
    }

    internal static Stage StageOf(string name) => name.Split('.')[0] switch
    {
        "conv1" or "bn1" => Stage.Stem,
        "fc" => Stage.Head,
        var layer => Enum.Parse<Stage>(layer, ignoreCase: true),
    };

    private List<string> Changes(IEnumerable<string> names, bool changed)
    {
        using var scope = NewDisposeScope();
        var now = network.Network.state_dict();
        return [.. names.Where(name => now[name].contiguous().bytes.SequenceEqual(before[name].contiguous().bytes) != changed)];
    }
}
