using FreezeBench.Freezing;
using static TorchSharp.torch;

namespace FreezeBench.Benchmarks.Profiling;

/// <summary>Tells a <see cref="LayerClock"/> of every convolution, BatchNorm and linear layer of a network, as long as it lives.</summary>
internal sealed class LayerHooks : IDisposable
{
    private readonly PolicyNetwork network;
    private readonly List<nn.Module<Tensor, Tensor>.HookRemover> removers = [];
    private readonly List<Tensor> gradients = [];

    internal LayerHooks(PolicyNetwork network, LayerClock clock)
    {
        this.network = network;
        network.FoldedLayers = clock;
        foreach (var (name, module) in network.Network.named_modules())
            if (module is nn.Module<Tensor, Tensor> layer && !module.children().Any())
            {
                // The marks are made outside of the layer's own time.
                removers.Add(layer.register_forward_pre_hook((_, input) =>
                {
                    var marked = BackwardMark.On(input, Passing(() => clock.BackwardEnds(name)));
                    clock.ForwardBegins(name);
                    return marked;
                }));
                removers.Add(layer.register_forward_hook((_, _, output) =>
                {
                    clock.ForwardEnds(name);
                    return BackwardMark.On(output, Passing(() => clock.BackwardBegins(name)));
                }));
            }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var remover in removers)
            remover.remove();
        network.FoldedLayers = null;
        // On the CPU the step's scope had them already.
        foreach (var gradient in gradients.Where(gradient => !gradient.IsInvalid))
            gradient.Dispose();
    }

    private Action<IReadOnlyList<Tensor>> Passing(Action told) => passed =>
    {
        told();
        gradients.AddRange(passed);
    };
}
