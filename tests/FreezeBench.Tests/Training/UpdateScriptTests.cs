using FreezeBench.Models;
using FreezeBench.Training;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

/// <summary>Updates of many parameters by one call, against one plain operation after the other on each parameter.</summary>
public class UpdateScriptTests
{
    private const int Steps = 12;
    private const double WeightDecay = 5e-4;

    private static readonly double[] rates = [0.01, 0.03];

    public static TheoryData<bool, double> Ways { get; } = new() { { false, WeightDecay }, { true, WeightDecay }, { false, 0 }, { true, 0 } };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Sgd_GivesTheBitsOfPlainOperations(bool inLists, double weightDecay)
    {
        using var scope = NewDisposeScope();
        var buffers = new Dictionary<Parameter, Tensor>();
        ThrowUnlessEqual(
            groups => new SgdOptimizer(groups, 0.9, weightDecay) { InLists = inLists },
            (parameter, rate) =>
            {
                var direction = parameter.grad!.add(parameter, alpha: weightDecay);
                buffers[parameter] = buffers.TryGetValue(parameter, out var buffer) ? buffer.mul(0.9).add(direction) : direction.clone();
                parameter.add_(buffers[parameter], alpha: -rate);
            });
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void AdamW_GivesTheBitsOfPlainOperations(bool inLists, double weightDecay)
    {
        using var scope = NewDisposeScope();
        var state = new Dictionary<Parameter, (int Step, Tensor Mean, Tensor Square)>();
        ThrowUnlessEqual(
            groups => new AdamWOptimizer(groups, weightDecay) { InLists = inLists },
            (parameter, rate) =>
            {
                var (step, mean, square) = state.TryGetValue(parameter, out var own) ? own : (0, zeros_like(parameter), zeros_like(parameter));
                step++;
                parameter.mul_(1 - (rate * weightDecay));
                mean = mean.mul(0.9).add(parameter.grad!, alpha: 1 - 0.9);
                square = square.mul(0.999).addcmul(parameter.grad!, parameter.grad!, value: 1 - 0.999);
                var denominator = square.sqrt().div(Math.Sqrt(1 - Math.Pow(0.999, step))).add(1e-8);
                parameter.addcdiv_(mean, denominator, value: -rate / (1 - Math.Pow(0.9, step)));
                state[parameter] = (step, mean, square);
            });
    }

    private static void ThrowUnlessEqual(Func<IReadOnlyList<ParameterGroup>, Optimizer> build, Action<Parameter, double> plain)
    {
        var (ours, theirs) = (Parameters(), Parameters());
        using var optimizer = build([new(ours[..2], rates[0]), new(ours[2..], rates[1])]);
        for (var step = 0; step < Steps; step++)
        {
            SetGradients(ours, step);
            SetGradients(theirs, step);
            optimizer.Step();
            using var noGrad = no_grad();
            foreach (var (index, parameter) in theirs.Index().Where(pair => pair.Item.grad is not null))
                plain(parameter, rates[index < 2 ? 0 : 1]);
        }
        Assert.All(ours.Zip(theirs), pair => Assert.Equal(Bytes(pair.Second), Bytes(pair.First)));
        // And they did move, all but the one that never had a gradient.
        Assert.All(
            ours.Zip(Parameters()).SkipLast(1), pair => Assert.NotEqual(Bytes(pair.Second), Bytes(pair.First)));
    }

    // Longer than a piece in both formats and of an odd length; a piece is all threads' share, so it depends on the machine.
    private static Parameter[] Parameters()
    {
        var outputs = (UpdateScript.PieceSize / (9 * 9)) + 5;
        return [
            Parameter("channels last", MemoryFormat.ChannelsLast, outputs, 9, 3, 3),
            Parameter("bias", null, 9),
            Parameter("contiguous", MemoryFormat.Contiguous, outputs, 9, 3, 3),
            Parameter("gradient of another format", MemoryFormat.ChannelsLast, outputs, 9, 3, 3),
            Parameter("late", null, 4, 5),
            Parameter("never", null, 7),
        ];
    }

    private static Parameter Parameter(string name, MemoryFormat? format, params long[] shape) => new(Values(name, format, shape));

    private static void SetGradients(Parameter[] parameters, int step)
    {
        for (var index = 0; index < parameters.Length; index++)
        {
            var missing = index == parameters.Length - 1 || (index == parameters.Length - 2 && (step < 3 || step % 4 == 0));
            var format = parameters[index].dim() != 4 ? null : index == 0 ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous;
            parameters[index].grad = missing ? null : Values($"gradient {index} {step}", format, parameters[index].shape);
        }
    }

    private static Tensor Values(string name, MemoryFormat? format, params long[] shape)
    {
        var values = tensor(FormulaWeights.Uniform(name, shape.Aggregate((a, b) => a * b), -0.5, 0.5), shape);
        return format is null ? values : format.ApplyTo(values);
    }

    private static byte[] Bytes(Parameter parameter) => parameter.detach().contiguous().bytes.ToArray();
}
