using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Torch.Loading;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels;

/// <summary>What the README of FreezeBench.Kernels prints between the two marks, with the usings of that package above: compiled, and run by <see cref="ReadmeExampleTests"/>.</summary>
internal static class ReadmeExample
{
    internal static void Train(nn.Module<Tensor, Tensor> model, IEnumerable<(Tensor Images, Tensor Labels)> batches)
    {
        // README:begin
        HeapSettings.KeepFreedMemory();
        FastTraining.Prepare(model);                                        // convolutions replaced where a faster one is known; channels-last
        using var optimizer = new SgdOptimizer(model.parameters(), learningRate: 0.002, momentum: 0.9);
        foreach (var (images, labels) in batches)
        {
            using var scope = NewDisposeScope();
            optimizer.ZeroGrad();
            var batch = MemoryFormat.ChannelsLast.ApplyTo(images);
            var loss = nn.functional.cross_entropy(model.call(batch), labels);
            FastTraining.Backward(loss);                                    // in the place of loss.backward()
            optimizer.Step();
        }
        // README:end
    }
}
