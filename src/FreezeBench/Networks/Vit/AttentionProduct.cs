using static TorchSharp.torch;

namespace FreezeBench.Networks.Vit;

/// <summary>
/// softmax(q k' / sqrt(d)) v of every head (Vaswani et al., "Attention is all you need", 2017, equation 1): the packed queries, keys and
/// values [N, T, 3 * width] to [N, T, width]. A module of its own, without any state, so that hooks see it.
/// </summary>
internal sealed class AttentionProduct : nn.Module<Tensor, Tensor>
{
    internal AttentionProduct(int heads) : base(nameof(AttentionProduct)) => Heads = heads;

    /// <summary>Heads that share the width.</summary>
    internal int Heads { get; }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, tokens, width) = (input.size(0), input.size(1), input.size(2) / 3);
        // [3, N, heads, T, width/heads]
        var packed = input.reshape(images, tokens, 3, Heads, width / Heads).permute(2, 0, 3, 1, 4);
        var mixed = nn.functional.scaled_dot_product_attention(packed.select(0, 0), packed.select(0, 1), packed.select(0, 2));
        return mixed.transpose(1, 2).reshape(images, tokens, width).MoveToOuterDisposeScope();
    }
}
