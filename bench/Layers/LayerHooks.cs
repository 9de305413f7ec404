using FreezeBench.Freezing;
using FreezeBench.Kernels.Observing;
using static TorchSharp.torch;

namespace FreezeBench.Benchmarks.Layers;

/// <summary>Tells of every convolution, BatchNorm and linear layer of a network, as long as it lives.</summary>
internal sealed class LayerHooks : IDisposable
{
    private readonly PolicyNetwork network;
    private readonly List<nn.Module<Tensor, Tensor>.HookRemover> removers = [];
    private readonly List<Tensor> gradients = [];

    /// <param name="network">Its layers.</param>
    /// <param name="observer">Told of the forward pass.</param>
    /// <param name="backward">Told of the backward pass too; null: nobody, and the graph stays as it is.</param>
    internal LayerHooks(PolicyNetwork network, ILayerObserver observer, LayerClock? backward)
    {
        this.network = network;
        network.FoldedLayers = observer;
        foreach (var (name, module) in network.Network.Module.named_modules())
            if (module is nn.Module<Tensor, Tensor> layer && !module.children().Any())
            {
                // The marks are made outside of the layer's own time.
                removers.Add(layer.register_forward_pre_hook((_, input) =>
                {
                    var marked = backward is null ? input : BackwardMark.On(input, Passing(() => backward.BackwardEnds(name)));
                    observer.ForwardBegins(name);
                    return marked;
                }));
                removers.Add(layer.register_forward_hook((_, _, output) =>
                {
                    observer.ForwardEnds(name);
                    return backward is null ? output : BackwardMark.On(output, Passing(() => backward.BackwardBegins(name)));
                }));
            }
    }

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
