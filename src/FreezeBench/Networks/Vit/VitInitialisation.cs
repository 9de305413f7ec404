using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Vit;

/// <summary>
/// Fresh layers of a vision transformer as timm makes them by default (huggingface/pytorch-image-models,
/// timm/models/vision_transformer.py: <c>init_weights</c> with an empty <c>weight_init</c> and <c>init_weights_vit_timm</c>): linear layers
/// and position embedding truncated normal with standard deviation 0.02, biases 0, class token normal with 1e-6; the patch embedding keeps
/// a convolution's default.
/// </summary>
/// <remarks>
/// timm truncates at -2 and 2, a hundred standard deviations away: that is the normal distribution. TorchSharp's <c>trunc_normal_</c> is
/// none: it adds the standard deviation and multiplies by the mean, so that all numbers are the same.
/// </remarks>
internal static class VitInitialisation
{
    private const double Spread = 0.02;
    private const double TokenSpread = 1e-6;
    private const double Epsilon = 1e-6;

    internal static Linear Linear(int features, int outputs)
    {
        var layer = nn.Linear(features, outputs);
        nn.init.normal_(layer.weight, std: Spread);
        nn.init.zeros_(layer.bias!);
        return layer;
    }

    /// <summary>A normalisation of each token: scale 1, shift 0.</summary>
    internal static LayerNorm Norm(int width) => nn.LayerNorm(width, Epsilon);

    /// <summary>[1, 1, width].</summary>
    internal static Parameter ClassToken(int width) => Owned(1, width, token => nn.init.normal_(token, std: TokenSpread));

    /// <summary>[1, tokens, width].</summary>
    internal static Parameter Positions(int tokens, int width) => Owned(tokens, width, positions => nn.init.normal_(positions, std: Spread));

    // The network's own, and not the caller's scope's.
    private static Parameter Owned(int tokens, int width, Action<Tensor> fill)
    {
        var parameter = nn.Parameter(zeros(1, tokens, width));
        parameter.DetachFromDisposeScope();
        fill(parameter);
        return parameter;
    }
}
