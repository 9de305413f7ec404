using System.Security.Cryptography;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Optimizing;
using FreezeBench.Tests.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

/// <summary>Some parameters in two groups, an optimizer, and gradients that are a function of the step.</summary>
internal sealed class ForeachSide
{
    private readonly Tensor[] seeds = [.. Tensors().Select(parameter => parameter.detach().contiguous())];

    internal ForeachSide(string kind, double momentum, double weightDecay, ForeachUse use)
    {
        Parameters = Tensors();
        Optimizer = OptimizerKind.Parse(kind).Build(
            [new(Parameters[..3], 0), new(Parameters[3..], 0)], new TrainingOptions { Momentum = momentum, WeightDecay = weightDecay });
        Optimizer.Foreach = use;
    }

    internal Parameter[] Parameters { get; }

    internal Optimizer Optimizer { get; }

    // The first is large enough for libtorch to share it among threads, and leaves a rest behind every vector.
    internal static Parameter[] Tensors() =>
    [
        new(ChannelsLast(Values("large", 67, 61, 3, 3))), new(ChannelsLast(Values("convolution", 9, 7, 3, 3))), new(Values("norm", 9)),
        new(Values("head", 4, 5)), new(Values("bias", 4)), new(Values("number", 1).squeeze()),
    ];

    internal bool Step(int step, GradientScaler? scaler = null, bool overflows = false)
    {
        (Optimizer.Groups[0].LearningRate, Optimizer.Groups[1].LearningRate) = (0.01 / (1 + step), 0.2 / (2 + step));
        SetGradients(step, scaler?.Current ?? 1);
        if (overflows)
            Parameters.Last(parameter => parameter.grad is not null).grad!.fill_(float.PositiveInfinity);
        if (scaler is not null)
            return scaler.Step(Optimizer);
        Optimizer.Step();
        return true;
    }

    // Each parameter is left out now and then, and so has a number of steps of its own; the strides are the parameter's in
    // even steps, as autograd makes them, and others in odd ones.
    internal void SetGradients(int step, float scale)
    {
        foreach (var (index, parameter) in Parameters.Index())
        {
            var gradient = (seeds[index] * (100 + step)).sin() * scale;
            parameter.grad = (step + index) % 4 == 0 ? null : step % 2 == 0 ? ChannelsLast(gradient) : gradient;
        }
    }

    internal void TakeOver(ForeachSide other)
    {
        using var noGrad = no_grad();
        foreach (var (own, theirs) in Parameters.Zip(other.Parameters))
            own.copy_(theirs);
        Optimizer.Restore(other.Optimizer.State.ToDictionary(item => item.Key, item => item.Value.contiguous().clone()));
    }

    // Hashes of weights and state: large arrays are slow to compare byte by byte.
    internal SortedDictionary<string, string> Bits() => new(Parameters.Index().Select(item => KeyValuePair.Create($"{item.Index}", (Tensor)item.Item))
        .Concat(Optimizer.State).ToDictionary(item => item.Key, item => Convert.ToHexString(SHA256.HashData(item.Value.detach().contiguous().bytes))));

    private static Tensor Values(string name, params long[] shape) =>
        tensor(FormulaWeights.Uniform(name, shape.Aggregate(1L, (a, b) => a * b), -0.5, 0.5), shape);

    private static Tensor ChannelsLast(Tensor value) => value.dim() == 4 ? MemoryFormat.ChannelsLast.ApplyTo(value).clone() : value;
}
