using static TorchSharp.torch;

namespace FreezeBench.Features.Heads;

/// <summary>Mean and spread of each feature over some images: standardised features have mean 0 and standard deviation 1.</summary>
/// <param name="Mean">float64 [F].</param>
/// <param name="Scale">float64 [F], the population's standard deviation; 1 where a feature never varies, as scikit-learn's StandardScaler has it.</param>
internal sealed record Standardisation(Tensor Mean, Tensor Scale)
{
    /// <summary>Of features float32 or float64 [N, F]; both tensors in the caller's dispose scope.</summary>
    internal static Standardisation Of(Tensor features)
    {
        using var scope = NewDisposeScope();
        var exact = features.to(ScalarType.Float64);
        var mean = exact.mean([0]);
        var scale = (exact - mean).square().mean([0]).sqrt();
        return new(mean.MoveToOuterDisposeScope(), where(scale > 0, scale, ones_like(scale)).MoveToOuterDisposeScope());
    }

    /// <summary>The features, float64 [N, F] in the caller's dispose scope.</summary>
    internal Tensor Apply(Tensor features)
    {
        using var scope = NewDisposeScope();
        return ((features.to(ScalarType.Float64) - Mean) / Scale).MoveToOuterDisposeScope();
    }
}
