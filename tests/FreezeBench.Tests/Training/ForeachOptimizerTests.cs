using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Observing;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Networks.Residual;
using FreezeBench.Optimizing;
using FreezeBench.Training;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

/// <summary>
/// The forms of an update, that which a GPU gets among them, all on the CPU: there they must give the bits of the loop. What a GPU's
/// own kernels make of the calls was never seen.
/// </summary>
public class ForeachOptimizerTests
{
    private const int Steps = 12;

    public static TheoryData<string, double, double> Cases { get; } = new()
    {
        { "sgd", 0.9, 5e-4 },
        { "sgd", 0.9, 0 },
        { "sgd", 0, 5e-4 },
        { "sgd", 0, 0 },
        { "adamw", 0, 0.01 },
        { "adamw", 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Lists_GiveTheBitsOfTheLoop(string kind, double momentum, double weightDecay)
    {
        using var scope = NewDisposeScope();
        ForeachSide[] sides = [.. Enum.GetValues<ForeachUse>().Select(use => new ForeachSide(kind, momentum, weightDecay, use))];
        for (var step = 0; step < Steps; step++)
        {
            foreach (var side in sides)
                side.Step(step);
            Assert.All(sides, side => Assert.Equal(sides[0].Bits(), side.Bits()));
        }
        foreach (var side in sides)
            side.Optimizer.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void StateOfEitherForm_GoesOnInTheOther_ToTheSameBits(string kind, double momentum, double weightDecay)
    {
        using var scope = NewDisposeScope();
        foreach (var begins in new[] { false, true })
        {
            var straight = new ForeachSide(kind, momentum, weightDecay, begins ? ForeachUse.All : ForeachUse.None);
            var resumed = new ForeachSide(kind, momentum, weightDecay, begins ? ForeachUse.None : ForeachUse.All);
            using var first = straight.Optimizer;
            using var second = resumed.Optimizer;
            for (var step = 0; step < 4; step++)
                straight.Step(step);
            resumed.TakeOver(straight);
            for (var step = 4; step < Steps; step++)
            {
                straight.Step(step);
                resumed.Step(step);
            }
            Assert.Equal(straight.Bits(), resumed.Bits());
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ScaledGradients_GiveTheBitsOfTheLoop_AndAnOverflowLeavesBothAlone(string kind, double momentum, double weightDecay)
    {
        using var scope = NewDisposeScope();
        var (loop, lists) = (new ForeachSide(kind, momentum, weightDecay, ForeachUse.None), new ForeachSide(kind, momentum, weightDecay, ForeachUse.All));
        using var first = loop.Optimizer;
        using var second = lists.Optimizer;
        using var one = new GradientScaler(CPU, growthInterval: 2);
        using var other = new GradientScaler(CPU, growthInterval: 2);
        for (var step = 0; step < Steps; step++)
        {
            var overflows = step == 5;
            Assert.Equal(!overflows, loop.Step(step, one, overflows));
            Assert.Equal(!overflows, lists.Step(step, other, overflows));
            Assert.Equal(loop.Bits(), lists.Bits());
            Assert.Equal(one.Current, other.Current);
        }
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void Network_TrainsToTheSameBits_ThroughACheckpointToo(string kind)
    {
        using var scope = NewDisposeScope();
        using var data = TinyTraining.TinyImages();
        using var folder = new Temporary();
        using var loop = Trainer(kind, data);
        using var lists = Trainer(kind, data);
        using var resumed = Trainer(kind, data);
        loop.Optimizer.Foreach = ForeachUse.None;
        lists.Optimizer.Foreach = ForeachUse.All;
        resumed.Optimizer.Foreach = ForeachUse.All;
        loop.Step(6);
        lists.Step(3);
        var options = TinyRun.Options(data, data, Strategy.Of(FreezingPolicy.FineTune));
        new Checkpoint(options, 1).Write(folder.PathOf("1"), lists.Network.Network, lists, inMidPhase: true);
        Checkpoint.Load(Checkpoint.Read(folder.PathOf("1")), resumed.Network.Network, resumed);
        resumed.Shuffle(1);
        for (var step = 0; step < 3; step++)
            resumed.Step(step, NoObserver.Instance);
        Assert.Equal(loop.Bits(), resumed.Bits());
    }

    // What is left to the finalizer can be freed under the native call that reads it (Optimizer.Update).
    [Theory]
    [InlineData("sgd", ForeachUse.None)]
    [InlineData("sgd", ForeachUse.Vectors)]
    [InlineData("sgd", ForeachUse.All)]
    [InlineData("adamw", ForeachUse.None)]
    [InlineData("adamw", ForeachUse.Vectors)]
    [InlineData("adamw", ForeachUse.All)]
    public void Steps_LeaveNoNumberToTheFinalizer(string kind, ForeachUse use)
    {
        const int steps = 100;
        using var scope = NewDisposeScope();
        Parameter[] parameters = [.. Enumerable.Range(1, 20).Select(size => new Parameter(ones(size)) { grad = zeros(size) })];
        using var optimizer = OptimizerKind.Parse(kind).Build([new(parameters, 0.01)], new TrainingOptions());
        optimizer.Foreach = use;
        optimizer.Step();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        for (var step = 0; step < steps; step++)
            optimizer.Step();
        GC.Collect();
        // Less than half of one for each parameter and step: the runtime and tests beside this one have some of their own.
        Assert.InRange(GC.GetGCMemoryInfo(GCKind.Any).FinalizationPendingCount, 0, parameters.Length * steps / 2);
    }

    [Theory]
    [InlineData("sgd", ForeachUse.None, 248)]
    [InlineData("sgd", ForeachUse.Vectors, 92)]
    [InlineData("sgd", ForeachUse.All, 8)]
    [InlineData("adamw", ForeachUse.None, 558)]
    [InlineData("adamw", ForeachUse.Vectors, 209)]
    [InlineData("adamw", ForeachUse.All, 20)]
    public void Operations_AreAsManyAsTheDocsSay(string kind, ForeachUse use, int operations)
    {
        using var scope = NewDisposeScope();
        using var network = new ResNet(ResNetShape.ResNet18 with { Width = 8 }, classes: 2);
        Parameter[] parameters = [.. network.parameters()];
        foreach (var parameter in parameters)
            parameter.grad = zeros_like(parameter);
        using var optimizer = OptimizerKind.Parse(kind).Build([new(parameters[..^2], 0.01), new(parameters[^2..], 0.01)], new TrainingOptions());
        optimizer.Foreach = use;
        optimizer.Step();
        var observer = new Counter();
        optimizer.WorkObserver = observer;
        optimizer.Step();
        Assert.Equal((operations, operations), (observer.Begun, observer.Ended));
    }

    [Fact]
    public void OnTheCpu_VectorsGoTogether() => Assert.All(OptimizerKind.All, kind =>
    {
        using var scope = NewDisposeScope();
        using var optimizer = kind.Build([new([ForeachSide.Tensors()[0]], 0.01)], new TrainingOptions());
        Assert.Equal(ForeachUse.Vectors, optimizer.Foreach);
    });

    [Fact]
    public void Lists_LeaveNothingButTheState()
    {
        using var scope = NewDisposeScope();
        foreach (var (kind, remembered) in new[] { ("sgd", 1), ("adamw", 2) })
        {
            var side = new ForeachSide(kind, 0.9, 5e-4, ForeachUse.All);
            side.SetGradients(1, scale: 1);
            var moved = side.Parameters.Count(parameter => parameter.grad is not null);
            var before = TinyTraining.LiveTensors;
            for (var step = 0; step < 2; step++)
            {
                side.Optimizer.Step();
                Assert.Equal(before + (remembered * moved), TinyTraining.LiveTensors);
            }
            side.Optimizer.Dispose();
            Assert.Equal(before, TinyTraining.LiveTensors);
        }
    }

    [Fact]
    public void GradientOfAnotherShapeOrType_IsSaid_AndMovesNothing()
    {
        using var scope = NewDisposeScope();
        foreach (var wrong in new[] { ones(20), ones(5, 4), ones(4, 5, dtype: ScalarType.Float64), ones(1) })
        {
            var parameter = new Parameter(ones(4, 5));
            using var optimizer = new SgdOptimizer([new([new Parameter(ones(2)) { grad = ones(2) }, parameter], 1)], 0.9, 0) { Foreach = ForeachUse.All };
            parameter.grad = wrong;
            var message = Assert.Throws<InvalidOperationException>(optimizer.Step).Message;
            Assert.Equal(
                $"The gradient of parameter 1 is {wrong.dtype} [{string.Join(", ", wrong.shape)}] on cpu, and the parameter is Float32 [4, 5] on cpu.", message);
            Assert.Empty(optimizer.State);
            Assert.All(optimizer.Groups[0].Parameters, own => Assert.True(own.detach().eq(1).all().item<bool>()));
        }
    }

    private sealed class Counter : IWorkObserver
    {
        internal int Begun { get; private set; }

        internal int Ended { get; private set; }

        public void WorkBegins() => Begun++;

        public void WorkEnds(bool calledBack = false) => Ended++;
    }

    private static Trainer Trainer(string kind, FreezeBench.Images.Sets.ImageDataSet data) =>
        new(TinyTraining.Tiny, FreezingPolicy.FineTune, data, TinyTraining.ResolutionPx, MemoryFormat.ChannelsLast, new TrainingOptions
        {
            BatchSize = 4,
            Seed = 1,
            Optimizer = OptimizerKind.Parse(kind),
            LearningRateHead = 0.02,
            LearningRateBackbone = 0.01,
        });
}
