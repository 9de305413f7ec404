using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Freezing;

/// <summary>
/// BatchNorm's running means at one moment, to tell later by how much they have moved. It holds copies on the modules'
/// device until it is disposed.
/// </summary>
public sealed class BatchNormSnapshot : IDisposable
{
    private readonly IReadOnlyList<(Tensor Live, Tensor Then)> means;

    /// <summary>Copies the running means of all BatchNorm layers in the modules.</summary>
    /// <param name="modules">Any modules, searched to the bottom; they must stay on their device.</param>
    public BatchNormSnapshot(params IEnumerable<nn.Module> modules)
    {
        using var noGrad = no_grad();
        means = [.. modules.SelectMany(module => module.modules().Prepend(module)).OfType<NormBase>().Distinct()
            .Select(layer => layer.running_mean).OfType<Tensor>()
            .Select(mean => (mean, mean.clone().DetachFromDisposeScope()))];
    }

    /// <summary>The largest absolute change of a running mean since the snapshot, over all channels of all layers.</summary>
    /// <returns>
    /// In units of the activations; exactly 0 where nothing moved or there is no BatchNorm; NaN where a mean became NaN.
    /// </returns>
    public float Drift()
    {
        if (means.Count == 0) return 0;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        // One copy to the host for all layers: each waits for the GPU.
        return stack(means.Select(mean => (mean.Live - mean.Then).abs().max())).max().item<float>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, then) in means)
            then.Dispose();
    }
}
