using FreezeBench.Freezing;
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
        Moving = new PolicyRule(network.Policy.Name, network.Network).Moving;
        before = network.Network.Module.state_dict()
            .ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope());
    }

    /// <summary>The names of the state-dict entries that the policy lets move, parameters and buffers, in the order of the state dict.</summary>
    internal IReadOnlyList<string> Moving { get; }

    /// <summary>Everything that is not <see cref="Moving"/>, num_batches_tracked included, has the bits of the start.</summary>
    internal void Unchanged() => Assert.Empty(Changed().Except(Moving));

    /// <summary>The names of all state-dict entries whose bits have changed, in the order of the state dict.</summary>
    internal IReadOnlyList<string> Changed()
    {
        using var scope = NewDisposeScope();
        var now = network.Network.Module.state_dict();
        return [.. before.Keys.Where(name => !now[name].contiguous().bytes.SequenceEqual(before[name].contiguous().bytes))];
    }

    public void Dispose()
    {
        foreach (var tensor in before.Values) tensor.Dispose();
    }
}
