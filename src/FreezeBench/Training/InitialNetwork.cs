using FreezeBench.Kernels;
using FreezeBench.Networks;
using FreezeBench.Networks.Catalog;
using FreezeBench.Results;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>The network that a training starts from; it depends on nothing that the training does, so all strategies share it.</summary>
public static class InitialNetwork
{
    /// <summary>Draws a network from the seed alone, then loads the weights, if there are any.</summary>
    /// <param name="network">Which.</param>
    /// <param name="classes">Classes of the head.</param>
    /// <param name="resolutionPx">Height and width of the images that it is for.</param>
    /// <param name="kernels">Whose layers.</param>
    /// <param name="device">Where the network goes; its numbers are drawn on the CPU, the same for every device.</param>
    /// <param name="memoryFormat">Strides of the weights.</param>
    /// <param name="seed">Of libtorch's global generator, which is set to it.</param>
    /// <param name="weights">
    /// A state dict with torchvision's names, whose head is taken only where it has as many classes; null: none.
    /// </param>
    /// <param name="loaded">Gets what came of loading the weights; null: nobody.</param>
    /// <returns>In train mode; the caller disposes it.</returns>
    /// <exception cref="UserErrorException">The weights do not fit the network; every entry that does not is named.</exception>
    public static INetwork Create(Network network, int classes, int resolutionPx, KernelSet kernels, Device device, MemoryFormat memoryFormat, long seed, StateDictFile? weights, Action<LoadedWeights>? loaded = null)
    {
        manual_seed(seed);
        var built = network.Build(classes, resolutionPx, kernels);
        if (weights is not null)
        {
            var result = StateDictLoader.Load(built.Module, weights, built.HeadName);
            loaded?.Invoke(result);
        }
        built.Module.to(device);
        memoryFormat.ApplyTo(built.Module);
        return built;
    }
}
