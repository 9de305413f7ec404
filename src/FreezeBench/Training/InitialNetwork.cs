using FreezeBench.Kernels;
using FreezeBench.Networks.Residual;
using FreezeBench.Results;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>The network that a training starts from; it depends on nothing that the training does, so all strategies share it.</summary>
public static class InitialNetwork
{
    // The head's name in torchvision's state dicts.
    private const string HeadName = "fc";

    /// <summary>Draws a network from the seed alone, then loads the weights, if there are any.</summary>
    /// <param name="shape">Architecture.</param>
    /// <param name="classes">Classes of the head.</param>
    /// <param name="device">Where the network goes; its numbers are drawn on the CPU, the same for every device.</param>
    /// <param name="memoryFormat">Strides of the weights.</param>
    /// <param name="seed">Of libtorch's global generator, which is set to it.</param>
    /// <param name="weights">
    /// A state dict with torchvision's names, whose head is taken only where it has as many classes; null: none.
    /// </param>
    /// <returns>In train mode; the caller disposes it.</returns>
    /// <exception cref="UserErrorException">The weights do not fit the network; every entry that does not is named.</exception>
    public static ResNet Create(ResNetShape shape, int classes, Device device, MemoryFormat memoryFormat, long seed, StateDictFile? weights)
    {
        ArgumentNullException.ThrowIfNull(memoryFormat);
        manual_seed(seed);
        var network = new ResNet(shape, classes);
        if (weights is not null)
            StateDictLoader.Load(network, weights, HeadName);
        network.to(device);
        memoryFormat.ApplyTo(network);
        return network;
    }
}
