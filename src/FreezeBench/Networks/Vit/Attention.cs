using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Vit;

/// <summary>Self-attention with several heads: [N, T, width] to the same. Queries, keys and values come from one linear layer.</summary>
internal sealed class Attention : nn.Module<Tensor, Tensor>
{
    private readonly Linear qkv;
    private readonly AttentionProduct product;
    private readonly Linear proj;

    internal Attention(int width, int heads) : base(nameof(Attention))
    {
        qkv = VitInitialisation.Linear(width, 3 * width);
        product = new(heads);
        proj = VitInitialisation.Linear(width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return proj.call(product.call(qkv.call(input))).MoveToOuterDisposeScope();
    }
}
