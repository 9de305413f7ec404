using FreezeBench.Weights.Tensors;
using static TorchSharp.torch;

namespace FreezeBench.Weights.Loading;

/// <summary>Finds values that no sound network has. With one of them a network computes nothing any more, and may still seem to train.</summary>
internal static class WeightValues
{
    // Of BatchNorm, in torch's names: a variance, of which the square root is taken, and a count of batches.
    private static readonly string[] neverNegative = ["running_var", "num_batches_tracked"];

    /// <summary>What is wrong with an entry's values as a network would have them.</summary>
    /// <param name="name">State-dict name.</param>
    /// <param name="values">Already of the network's type: what float64 can say may be infinite in float32.</param>
    /// <returns>One line; null: nothing.</returns>
    internal static string? FaultOf(string name, Tensor values)
    {
        using var scope = NewDisposeScope();
        if (values.is_floating_point() && Count(values.isfinite().logical_not()) is > 0 and var bad)
            return $"{Shown.Name(name)} ({bad} of {values.numel()} values are NaN or infinite)";
        return neverNegative.Any(end => name == end || name.EndsWith("." + end, StringComparison.Ordinal)) && Count(values.lt(0)) is > 0 and var negative
            ? $"{Shown.Name(name)} ({negative} of {values.numel()} values are negative)"
            : null;
    }

    private static long Count(Tensor marks) => marks.sum().cpu().item<long>();
}
