using FreezeBench.Kernels;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Optimizing;
using FreezeBench.Results;
using FreezeBench.Tests.Networks;
using FreezeBench.Tests.Training;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Optimizing;

public class OptimizerTests
{
    // float32 sums in another order, through ten steps: PyTorch's losses are printed in full, and a wrong bias correction,
    // decay or beta changes the third digit.
    private const double Tolerance = 2e-6;

    public static TheoryData<string> Kinds { get; } = new(OptimizerKind.All.Select(kind => kind.Name));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TenSteps_WithTwoRatesACosineAndSmoothing_AreThoseOfPyTorch(string kind)
    {
        using var scope = NewDisposeScope();
        var golden = TrainingGolden.Instance.Trajectories[kind];
        Parameter[] parameters = [Parameter("hidden", 5, 6), Parameter("head", 4, 5), Parameter("bias", 4)];
        ParameterGroup[] groups = [new(parameters[..1], 0), new(parameters[1..], 0)];
        using var optimizer = Build(kind, groups, weightDecay: 0.01);
        var inputs = tensor(FormulaWeights.Uniform("inputs", 48, -1, 1), [8, 6]);
        var labels = arange(8, ScalarType.Int64).remainder(4);
        for (var step = 0; step < golden.Losses.Length; step++)
        {
            var factor = LearningRateSchedule.Cosine.Factor(step, golden.Losses.Length, golden.Losses.Length);
            (groups[0].LearningRate, groups[1].LearningRate) = (0.05 * factor, 0.2 * factor);
            foreach (var parameter in parameters) parameter.grad = null;
            var logits = inputs.matmul(parameters[0].t()).tanh().matmul(parameters[1].t()) + parameters[2];
            var loss = nn.functional.cross_entropy(logits, labels, label_smoothing: 0.1);
            loss.backward();
            optimizer.Step();
            Assert.Equal(golden.Losses[step], loss.item<float>(), Tolerance);
        }
        Assert.All(
            parameters.Zip(golden.Weights),
            pair => Assert.All(pair.First.detach().data<float>().ToArray().Zip(pair.Second), value => Assert.Equal(value.Second, value.First, Tolerance)));
    }

    [Theory]
    [InlineData(0.9, 5e-4)]
    [InlineData(0.9, 0)]
    [InlineData(0, 5e-4)]
    public void Sgd_GivesTheBitsOfTorchSharps(double momentum, double weightDecay)
    {
        using var scope = NewDisposeScope();
        foreach (var format in MemoryFormat.All)
        {
            Parameter[] ours = [Convolution(format), Parameter("head", 4, 5)];
            Parameter[] theirs = [Convolution(format), Parameter("head", 4, 5)];
            using var optimizer = new SgdOptimizer([new(ours, 0.01)], momentum, weightDecay);
            using var reference = optim.SGD(theirs, 0.01, momentum, weight_decay: weightDecay);
            for (var step = 0; step < 10; step++)
            {
                SetGradients(ours, step);
                SetGradients(theirs, step);
                optimizer.Step();
                reference.step();
            }
            Assert.Equal(Bits(theirs), Bits(ours));
        }
    }

    [Theory]
    [InlineData(0.9, 5e-4)]
    [InlineData(0.9, 0)]
    [InlineData(0, 5e-4)]
    public void Sgd_GivesTheBitsOfTheFormula_EachTermATensorOfItsOwn(double momentum, double weightDecay)
    {
        using var scope = NewDisposeScope();
        foreach (var format in MemoryFormat.All)
        {
            // Large enough for libtorch to share it among threads, and of a size that leaves a rest behind every vector.
            Parameter[] ours = [Large(format), Parameter("head", 4, 5)];
            Parameter[] plain = [Large(format), Parameter("head", 4, 5)];
            var buffers = new Tensor?[plain.Length];
            using var optimizer = new SgdOptimizer([new(ours, 0.01)], momentum, weightDecay);
            for (var step = 0; step < 4; step++)
            {
                SetGradients(ours, step, format);
                SetGradients(plain, step, format);
                optimizer.Step();
                using var noGrad = no_grad();
                foreach (var (index, parameter) in plain.Index())
                {
                    var direction = weightDecay == 0 ? parameter.grad! : parameter.grad!.add(parameter, alpha: weightDecay);
                    if (momentum != 0)
                        direction = buffers[index] = buffers[index] is { } buffer ? buffer.mul(momentum).add(direction, alpha: 1) : direction.clone();
                    parameter.add_(direction, alpha: -0.01);
                }
            }
            Assert.Equal(Bits(plain), Bits(ours));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RestoredState_GoesOnToTheSameBits(string kind)
    {
        using var scope = NewDisposeScope();
        Parameter[] straight = [Convolution(MemoryFormat.ChannelsLast), Parameter("head", 4, 5)];
        using var optimizer = Build(kind, [new(straight, 0.01)]);
        Steps(optimizer, straight, 0, 3);
        Parameter[] resumed = [.. straight.Select(parameter => new Parameter(parameter.detach().clone()))];
        using var restored = Build(kind, [new(resumed, 0.01)]);
        restored.Restore(optimizer.State.ToDictionary(item => item.Key, item => item.Value.contiguous().clone()));
        Steps(optimizer, straight, 3, 7);
        Steps(restored, resumed, 3, 7);
        Assert.Equal(Bits(straight), Bits(resumed));
        // And the state matters: without it the bits are others.
        using var forgetful = Build(kind, [new(resumed, 0.01)]);
        Steps(optimizer, straight, 7, 8);
        Steps(forgetful, resumed, 7, 8);
        Assert.NotEqual(Bits(straight), Bits(resumed));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void StateOfOthers_IsRefused(string kind)
    {
        using var scope = NewDisposeScope();
        using var optimizer = Build(kind, [new([Parameter("head", 4, 5)], 0.01)]);
        var name = kind == "sgd" ? "momentum" : "first_moment";
        foreach (var (wrong, shape) in new[] { ($"{name}.1", new long[] { 4, 5 }), ($"{name}.0", [5, 4]), ($"{name}.-0", [4, 5]), ("other.0", [4, 5]), ("steps", [2]) })
            Assert.Throws<ArgumentException>(() => optimizer.Restore(new Dictionary<string, Tensor> { [wrong] = zeros(shape) }));
    }

    [Fact]
    public void Steps_LeaveNothingButTheState_AndDisposalLeavesNothing()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [Convolution(MemoryFormat.ChannelsLast), Parameter("head", 4, 5)];
        SetGradients(parameters, 0);
        foreach (var (kind, tensors) in new[] { ("sgd", 2), ("adamw", 4) })
        {
            var before = TinyTraining.LiveTensors;
            using (var optimizer = Build(kind, [new(parameters, 0.01)]))
            {
                optimizer.Step();
                Assert.Equal(before + tensors, TinyTraining.LiveTensors);
                optimizer.Step();
                Assert.Equal(before + tensors, TinyTraining.LiveTensors);
            }
            Assert.Equal(before, TinyTraining.LiveTensors);
        }
    }

    [Fact]
    public void Names_AreParsed_AndUnknownOnesListTheValidOnes()
    {
        Assert.All(OptimizerKind.All, kind => Assert.Same(kind, OptimizerKind.Parse(kind.Name)));
        Assert.Equal(
            "Unknown optimizer 'adam'. Valid values: sgd, adamw.", Assert.Throws<UserErrorException>(() => OptimizerKind.Parse("adam")).Message);
    }

    private static Optimizer Build(string kind, IReadOnlyList<ParameterGroup> groups, double weightDecay = 5e-4) =>
        OptimizerKind.Parse(kind).Build(groups, new TrainingOptions { WeightDecay = weightDecay });

    private static void Steps(Optimizer optimizer, Parameter[] parameters, int first, int end)
    {
        for (var step = first; step < end; step++)
        {
            SetGradients(parameters, step);
            optimizer.Step();
        }
    }

    private static void SetGradients(Parameter[] parameters, int step, MemoryFormat? format = null)
    {
        for (var index = 0; index < parameters.Length; index++)
        {
            var values = FormulaWeights.Uniform($"gradient {index} {step}", parameters[index].numel(), -1, 1);
            var gradient = tensor(values, parameters[index].shape);
            parameters[index].grad = format is not null && gradient.dim() == 4 ? format.ApplyTo(gradient) : gradient;
        }
    }

    private static Parameter Parameter(string name, params long[] shape) =>
        new(tensor(FormulaWeights.Uniform(name, shape.Aggregate((a, b) => a * b), -0.5, 0.5), shape));

    private static Parameter Convolution(MemoryFormat format)
    {
        using var contiguous = Parameter("convolution", 9, 7, 3, 3);
        return new(format.ApplyTo(contiguous.detach()).clone());
    }

    private static Parameter Large(MemoryFormat format)
    {
        using var contiguous = Parameter("large", 129, 67, 3, 3);
        return new(format.ApplyTo(contiguous.detach()).clone());
    }

    private static List<byte[]> Bits(Parameter[] parameters) => [.. parameters.Select(parameter => parameter.detach().contiguous().bytes.ToArray())];
}
