using FreezeBench.Kernels.Optimizing;
using FreezeBench.Results.Verification;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.DeviceChecks;

/// <summary>Optimizer steps by one call for all parameters against one call for each.</summary>
internal static class ForeachCheck
{
    private const int Steps = 5;

    // Of each kind that a network has; the largest is more than a block of CUDA threads has at once.
    private static readonly long[][] shapes = [[64, 3, 7, 7], [64], [128, 64, 3, 3], [512, 10], [1], [300_000]];

    /// <param name="device">Where.</param>
    /// <param name="disturb">Called with the parameters that were updated together; a test breaks them. null: nobody.</param>
    internal static CheckFinding Find(CheckedDevice device, Action<IReadOnlyList<Parameter>>? disturb = null)
    {
        if (ForeachOperators.Exported is null)
            return CheckFinding.NotApplicable("this libtorch does not export the operators, and optimizers do without");
        // libtorch takes the same operator for one tensor after the other on the CPU. A GPU has a kernel of its own, which may fuse a product and a sum: one rounding a step.
        var most = device.IsCuda ? 1e-6 : 0;
        return CheckFinding.Of(
            new VerifiedFigure("sgd_error", Error(device, parameters => new SgdOptimizer(parameters, 0.1, momentum: 0.9, weightDecay: 0.01), disturb)) { AtMost = most },
            new VerifiedFigure("adamw_error", Error(device, parameters => new AdamWOptimizer(parameters, 0.1, weightDecay: 0.01), disturb)) { AtMost = most });
    }

    private static double Error(CheckedDevice device, Func<IReadOnlyList<Parameter>, Optimizer> build, Action<IReadOnlyList<Parameter>>? disturb)
    {
        using var scope = NewDisposeScope();
        var (together, alone) = (Updated(device, build, ForeachUse.All), Updated(device, build, ForeachUse.None));
        using var noGrad = no_grad();
        disturb?.Invoke(together);
        var errors = together.Zip(alone, (one, other) => SmallTraining.RelativeError(one, other)).ToList();
        return errors.Exists(double.IsNaN) ? double.NaN : errors.Max();
    }

    private static List<Parameter> Updated(CheckedDevice device, Func<IReadOnlyList<Parameter>, Optimizer> build, ForeachUse use)
    {
        using var generator = new Generator(1, CPU);
        Tensor Drawn(long[] shape) => randn(shape, ScalarType.Float32, CPU, generator: generator).to(device.Torch);
        List<Parameter> parameters = [.. shapes.Select(shape => new Parameter(Drawn(shape)))];
        using var optimizer = build(parameters);
        optimizer.Foreach = use;
        for (var step = 0; step < Steps; step++)
        {
            using var ofStep = NewDisposeScope();
            foreach (var parameter in parameters)
                parameter.grad = Drawn(parameter.shape);
            optimizer.Step();
            optimizer.ZeroGrad();
        }
        return parameters;
    }
}
