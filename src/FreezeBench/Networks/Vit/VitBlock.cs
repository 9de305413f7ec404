using FreezeBench.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Vit;

/// <summary>Attention and perceptron, each behind a normalisation and around a shortcut: [N, T, width] to the same.</summary>
internal sealed class VitBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly Attention attn;
    private readonly LayerNorm norm2;
    private readonly Perceptron mlp;

    internal VitBlock(VitShape shape) : base(nameof(VitBlock))
    {
        norm1 = VitInitialisation.Norm(shape.Width);
        attn = new(shape.Width, shape.Heads);
        norm2 = VitInitialisation.Norm(shape.Width);
        mlp = new(shape.Width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        // A scope for each block: without it a pass that builds no graph would keep every intermediate of the network.
        using var scope = NewDisposeScope();
        var middle = attn.call(norm1.call(input)).add_(input, alpha: Numbers.One);
        return mlp.call(norm2.call(middle)).add_(middle, alpha: Numbers.One).MoveToOuterDisposeScope();
    }
}
