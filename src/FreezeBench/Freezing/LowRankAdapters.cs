using FreezeBench.Kernels;
using FreezeBench.Kernels.Folding;
using FreezeBench.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Freezing;

/// <summary>
/// Low-rank adapters of a network (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2022, section 4.1): beside every
/// convolution without groups that is padded with zeros and every linear layer before the head runs W x + B A x, where A gives <c>rank</c> channels and B the layer's.
/// </summary>
/// <remarks>
/// For a convolution A has its kernel, stride and padding and B is 1x1, as in the peft library's layer for Conv2d. A is drawn as a new
/// linear layer's weight is (Kaiming uniform, a = sqrt 5), B is zero, so that training starts from the network as it was. The scale
/// alpha / rank is 1. The adapters hang on the layers by forward hooks: the network's own modules, names and weights stay as they are.
/// </remarks>
internal sealed class LowRankAdapters : IDisposable
{
    private readonly List<Adapter> adapters = [];

    /// <param name="network">On its device; its layers are hooked until this is disposed.</param>
    /// <param name="rank">1 or more.</param>
    internal LowRankAdapters(INetwork network, int rank)
    {
        using var noGrad = no_grad();
        Dictionary<nn.Module, string> names = new(ReferenceEqualityComparer.Instance);
        foreach (var (name, module) in network.Module.named_modules())
            names.TryAdd(module, name);
        foreach (var layer in network.Stages.SkipLast(1).SelectMany(stage => stage.AllModules).Distinct().OfType<nn.Module<Tensor, Tensor>>())
            if (Target.Of(layer) is { } target)
                adapters.Add(new Adapter(names.GetValueOrDefault(layer, ""), layer, target, rank));
    }

    /// <summary>The adapters' parameters by name, such as <c>layer1.0.conv1.lora_A</c>, in the order of the network.</summary>
    internal IEnumerable<KeyValuePair<string, Parameter>> Parameters =>
        adapters.SelectMany(adapter => new[] { KeyValuePair.Create($"{adapter.Name}.lora_A", adapter.Down), KeyValuePair.Create($"{adapter.Name}.lora_B", adapter.Up) });

    /// <summary>Adds every adapter to the weight that it hangs on, and takes it off: the network computes the same without adapters.</summary>
    internal void Merge()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var adapter in adapters)
            adapter.MergeInto();
    }

    public void Dispose() => adapters.ForEach(adapter => adapter.Dispose());

    // What an adapter needs to know of its layer.
    private sealed record Target(Tensor Weight, long[] Strides, long[] Padding, long[] Dilation)
    {
        internal bool IsConvolution => Weight.dim() == 4;

        // Told by the last stride: in a kernel of 1x1 the channels lie together in both formats.
        internal bool IsChannelsLast => IsConvolution && Weight.size(1) > 1 && Weight.stride(3) == Weight.size(1);

        internal static Target? Of(nn.Module layer) => ConvolutionParts.Of(layer) is { } convolution
            // A convolution in groups has few weights already, and an adapter over all channels would have more than it.
            ? convolution.Groups == 1 ? new(convolution.Weight, convolution.Stride, convolution.Padding, convolution.Dilation) : null
            : layer is Linear linear ? new(linear.weight, [], [], []) : null;
    }

    private sealed class Adapter : IDisposable
    {
        private readonly Target target;
        private readonly Action unhook;

        internal Adapter(string name, nn.Module<Tensor, Tensor> layer, Target target, int rank)
        {
            (Name, this.target) = (name, target);
            var weight = target.Weight;
            var down = empty([rank, .. weight.shape.Skip(1)], dtype: weight.dtype, device: weight.device);
            nn.init.kaiming_uniform_(down, a: Math.Sqrt(5));
            Down = Kept(down);
            Up = Kept(zeros(target.IsConvolution ? [weight.size(0), rank, 1, 1] : [weight.size(0), rank], dtype: weight.dtype, device: weight.device));
            if (target.IsChannelsLast)
                MemoryFormat.ChannelsLast.ApplyTo([Down, Up]);
            unhook = layer.register_forward_hook((_, input, output) => Adapted(input, output)).remove;
        }

        internal string Name { get; }

        // A, [rank, in, K, K] or [rank, in].
        internal Parameter Down { get; }

        // B, [out, rank, 1, 1] or [out, rank].
        internal Parameter Up { get; }

        internal void MergeInto()
        {
            // B A as one kernel: [out, rank] x [rank, in * K * K].
            var product = Up.reshape(Up.size(0), Up.size(1)).mm(Down.reshape(Down.size(0), -1)).reshape(target.Weight.shape);
            target.Weight.add_(product, alpha: Numbers.One);
            Up.zero_();
        }

        public void Dispose()
        {
            unhook();
            Down.Dispose();
            Up.Dispose();
        }

        private Tensor Adapted(Tensor input, Tensor output)
        {
            using var scope = NewDisposeScope();
            var low = target.IsConvolution
                ? nn.functional.conv2d(nn.functional.conv2d(input, Down, strides: target.Strides, padding: target.Padding, dilation: target.Dilation), Up)
                : nn.functional.linear(nn.functional.linear(input, Down), Up);
            return (output + low).MoveToOuterDisposeScope();
        }

        private static Parameter Kept(Tensor values)
        {
            var parameter = nn.Parameter(values);
            parameter.DetachFromDisposeScope();
            return parameter;
        }
    }
}
