using FreezeBench.Kernels.Convolutions;
using FreezeBench.Networks.Vit;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Tracing;

/// <summary>What one image meets on its way through a network: seen, not derived from an architecture.</summary>
/// <param name="Layers">Convolutions, linear layers and attentions' products, in the order of the forward pass; a layer that is called twice is there twice.</param>
/// <param name="Uncounted">
/// Names of other modules with weights of two dimensions or more, such as a transposed convolution or TorchSharp's own attention: what they
/// compute is not in <paramref name="Layers"/>, and every sum over them is too low by it. A table that is only read, as an embedding or a
/// class token, is not one of them.
/// </param>
public sealed record NetworkTrace(IReadOnlyList<TracedLayer> Layers, IReadOnlyList<string> Uncounted)
{
    /// <summary>Passes one image of zeros through the stages, without a graph and in eval mode; the network is afterwards as it was.</summary>
    /// <param name="network">On any device.</param>
    /// <param name="resolutionPx">Height and width of the image.</param>
    public static NetworkTrace Of(INetwork network, int resolutionPx)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolutionPx, 1);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var modes = ModuleModes.Evaluating(network.Module);
        List<TracedLayer> layers = [];
        List<Action> removals = [];
        var stage = 0;
        // A module that is registered in two places is one layer, with its first name.
        var modules = network.Module.named_modules().DistinctBy(item => item.module).ToList();
        foreach (var (name, module) in modules)
            if (module is nn.Module<Tensor, Tensor> layer && Sight(layer) is { } sight)
            {
                var hook = layer.register_forward_hook((_, input, output) =>
                {
                    layers.AddRange(sight(stage, name, input, output));
                    return output;
                });
                removals.Add(hook.remove);
            }
        try
        {
            var parameter = network.Module.parameters().First();
            var output = zeros(1, 3, resolutionPx, resolutionPx, parameter.dtype, parameter.device);
            for (; stage < network.Stages.Count; stage++)
                output = network.Stages[stage].Run(output);
        }
        finally
        {
            removals.ForEach(remove => remove());
        }
        return new(layers, [.. modules.Where(item => IsUncounted(item.module)).Select(item => item.name)]);
    }

    // null: not a layer that is counted.
    private static Func<int, string, Tensor, Tensor, IEnumerable<TracedLayer>>? Sight(nn.Module<Tensor, Tensor> module) => module switch
    {
        Conv2d convolution => (stage, name, input, output) => [Convolution(stage, name, input, output, convolution)],
        TrainedConvolution convolution => (stage, name, input, output) => [Convolution(stage, name, input, output, convolution)],
        Linear linear => (stage, name, input, output) =>
            [new(stage, name, input.numel(), output.numel(), linear.weight.size(0), linear.weight.numel(), output.numel() * linear.weight.size(1))],
        AttentionProduct attention => (stage, name, input, output) => Products(stage, name, input, output, attention.Heads),
        _ => null,
    };

    // The weight is [out, in / groups, K, K]. Padding that is not given in numbers goes with a stride of 1.
    private static TracedLayer Convolution(int stage, string name, Tensor input, Tensor output, Tensor weight, IReadOnlyList<long> stride, IReadOnlyList<long>? padding) =>
        new(stage, name, input.numel(), output.numel(), weight.size(0), weight.numel(), output.numel() * (weight.numel() / weight.size(0)))
        {
            IsOverNarrowImage = padding is not null && NarrowImage.Is(input.size(-1), stride[^1], padding[^1]),
        };

    // Padding given as a word, or of another kind than zeros, is not looked into.
    private static TracedLayer Convolution(int stage, string name, Tensor input, Tensor output, Conv2d layer) => Convolution(stage, name, input, output, layer.weight!, layer.stride, layer.padding) with
    {
        Groups = layer.groups,
        ShareWithPixels = layer is { padding: { } padding, padding_mode: PaddingModes.Zeros } ? ShareWithPixels(input, output, layer.weight!, layer.stride, padding, layer.dilation) : 1,
    };

    private static TracedLayer Convolution(int stage, string name, Tensor input, Tensor output, TrainedConvolution layer) =>
        Convolution(stage, name, input, output, layer.Weight, layer.Stride, layer.Padding) with { ShareWithPixels = ShareWithPixels(input, output, layer.Weight, layer.Stride, layer.Padding, [1, 1]) };

    private static double ShareWithPixels(Tensor input, Tensor output, Tensor weight, IReadOnlyList<long> stride, IReadOnlyList<long> padding, long[] dilation)
    {
        double Axis(int axis) => PaddingTaps.Share(input.size(2 + axis), output.size(2 + axis), weight.size(2 + axis), stride[axis], padding[axis], dilation[axis]);
        return Axis(0) * Axis(1);
    }

    // From [1, T, 3 * width] to [1, T, width]: a third of the input each are queries, keys and values.
    private static IEnumerable<TracedLayer> Products(int stage, string name, Tensor input, Tensor output, int heads)
    {
        var (tokens, width) = (output.size(1), output.size(2));
        var scores = heads * tokens * tokens;
        var products = scores * (width / heads);
        yield return new(stage, name + ".scores", 2 * (input.numel() / 3), scores, tokens, 0, products);
        yield return new(stage, name + ".values", scores + (input.numel() / 3), output.numel(), width, 0, products);
    }

    private static bool IsUncounted(nn.Module module) =>
        module is not (Embedding or EmbeddingBag) && !(module is nn.Module<Tensor, Tensor> layer && Sight(layer) is not null)
        && module.named_parameters(recurse: false).Any(item => item.name.Contains("weight", StringComparison.Ordinal) && item.parameter.dim() > 1);
}
