using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using TorchSharp;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;

namespace FreezeBench.Tests.Training;

/// <summary>Training in 16 bits, on the CPU, under policies of every kind.</summary>
public sealed class PrecisionTrainingTests : IDisposable
{
    private static readonly string[] policies = ["fine-tune", "frozen", "frozen-train-bn", "frozen-cached", "from-layer3", "lora:4"];
    private static readonly Precision[] narrow = [Precision.Bf16, Precision.Fp16];

    private readonly Temporary folder = new();
    private readonly ImageDataSet training = TinyImages();
    private readonly ImageDataSet test = TinyImages(seed: 2);

    private readonly ITestOutputHelper output;

    public PrecisionTrainingTests(ITestOutputHelper output)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Autocast's symbols are named by another rule there.");
        this.output = output;
    }

    // frozen-train-bn and frozen differ in what computes the frozen part: the network itself, or the copy.
    public static TheoryData<string, string> Cases =>
        [.. from precision in narrow from policy in policies select (precision.Name, policy)];

    // Steps in float16 are slow on a CPU, and what they do otherwise, scaling, goes with images and with features.
    public static TheoryData<string, string> Lives =>
        [.. from policy in policies select (Precision.Bf16.Name, policy), (Precision.Fp16.Name, "from-layer3"), (Precision.Fp16.Name, "frozen-cached")];

    public void Dispose()
    {
        training.Dispose();
        test.Dispose();
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_AreThoseOfFloat32_ButForTheRounding(string name, string policy)
    {
        var precision = Precision.Parse(name);
        using var mixed = Ready(training, FreezingPolicy.Parse(policy), batchSize: 10, precision: precision);
        using var wide = Ready(training, FreezingPolicy.Parse(policy), batchSize: 10);
        using var scope = torch.NewDisposeScope();
        var initial = Parameters(wide);
        Assert.True(initial.Equals(Parameters(mixed)));
        wide.Step(1);
        // float16 overflows at the first scale here, as it may; the steps that are left out change nothing.
        for (var tries = 0; tries < 10 && Parameters(mixed).Equals(initial); tries++)
            mixed.Step(1);
        Assert.All(mixed.Network.TrainableParameters, parameter => Assert.Equal(torch.ScalarType.Float32, parameter.dtype));
        // Of the step, since the optimizer uses gradients up. Over all parameters: the gradients of some are nothing but rounding.
        var should = Parameters(wide) - initial;
        var error = Relative(Parameters(mixed) - initial, should);
        // How much of it is the network's own: BatchNorm over ten numbers, as in its last stage, and ReLUs whose inputs change
        // their signs make much of little. So float32 is held against itself, from weights that are rounded to the type once.
        using var rounded = Ready(training, FreezingPolicy.Parse(policy), batchSize: 10);
        using (torch.no_grad())
            foreach (var parameter in rounded.Network.Network.Module.parameters())
                parameter.copy_(parameter.to(precision.AutocastType!.Value).to(torch.ScalarType.Float32));
        var roundedInitial = Parameters(rounded);
        rounded.Step(1);
        var sensitivity = Relative(Parameters(rounded) - roundedInitial, should);
        output.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"relative error of the first update {error:g3}, of float32 from rounded weights {sensitivity:g3}"));
        // A wrong scale or a missing part would be 50 % and more.
        var epsilon = precision == Precision.Bf16 ? 1.0 / 256 : 1.0 / 2048;
        Assert.InRange(error, 0, Math.Min(0.35, (10 * sensitivity) + (3 * epsilon)));
    }

    private static float Relative(torch.Tensor update, torch.Tensor should) => ((update - should).norm() / should.norm()).item<float>();

    // Learning by heart takes many steps, and those in float16 are slow on a CPU: what it does otherwise, scaling, is in its own tests.
    [Theory]
    [InlineData("bf16", "fine-tune")]
    [InlineData("bf16", "frozen")]
    [InlineData("bf16", "frozen-train-bn")]
    [InlineData("bf16", "frozen-cached")]
    [InlineData("bf16", "lora:4")]
    [InlineData("fp16", "from-layer3")]
    public void Loss_DecreasesWhereATinySetIsLearntByHeart_AndFrozenStateStays(string name, string policy)
    {
        using var six = TinyImages(count: 6);
        using var trainer = Ready(six, FreezingPolicy.Parse(policy), batchSize: 6, learningRate: 0.05, precision: Precision.Parse(name));
        using var drift = trainer.Network.SnapshotFrozenBatchNorm();
        var frozen = trainer.Network.FrozenParameters.Select(Bits).ToList();
        var first = trainer.TrainEpoch(0).Training.MeanLoss;
        for (var epoch = 1; epoch < 16; epoch++)
            trainer.TrainEpoch(epoch);
        var last = trainer.TrainEpoch(16).Training.MeanLoss;

        Assert.True(last < 0.8 * first, $"The loss went from {first} to {last}.");
        Assert.Equal(frozen, trainer.Network.FrozenParameters.Select(Bits));
        Assert.Equal(policy == "frozen-train-bn", drift.Drift() > 0);
        Assert.Null(Autocast.InForce(DeviceType.CPU));
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public void Step_LeavesNoTensorBehind(string name, string policy)
    {
        using var trainer = Ready(training, FreezingPolicy.Parse(policy), precision: Precision.Parse(name));
        // A scale that is too large at first leaves the momentum unmade: until a step leaves the scale as it is.
        float? scale;
        do
        {
            scale = trainer.Scaler?.Current;
            trainer.Step(1);
        }
        while (trainer.Scaler?.Current != scale);
        trainer.Step(trainer.StepsPerEpoch);
        trainer.Evaluate(test);
        var before = LiveTensors;
        trainer.Step(trainer.StepsPerEpoch);
        trainer.Evaluate(test);
        Assert.Equal(before, LiveTensors);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LogitsAndFeatures_AreFloat32(string name, string policy)
    {
        using var scope = torch.NewDisposeScope();
        using var trainer = New(training, FreezingPolicy.Parse(policy), precision: Precision.Parse(name));
        var images = trainer.LoadImages().Inputs;
        using var inference = torch.no_grad();
        var features = trainer.Network.ForwardFeatures(images);
        Assert.Equal((torch.ScalarType.Float32, torch.ScalarType.Float32), (features.dtype, trainer.Network.Forward(images).dtype));
        // They hold no more than the type does.
        var type = Precision.Parse(name).AutocastType!.Value;
        Assert.True(features.to(type).to(torch.ScalarType.Float32).Equals(features));
    }

    // Each type with features and with images; float16's scale begins anew where the second phase does.
    [Theory]
    [InlineData("bf16", "fine-tune")]
    [InlineData("bf16", "frozen-cached")]
    [InlineData("fp16", "from-layer3")]
    [InlineData("fp16", "probe-then-tune")]
    public void StoppedAfterAnyEpoch_TheRestIsTheSame_BitForBit(string name, string strategy)
    {
        var options = TinyRun.Options(training, test, Strategy.Parse(strategy), epochs: 2) with { Precision = Precision.Parse(name) };
        List<EpochOutcome> expected = [];
        string hash;
        using (var straight = new TrainingRun(options))
        {
            while (!straight.Finished)
            {
                expected.Add(straight.NextEpoch().Timeless());
                straight.Save(PathOf(straight.EpochsDone));
            }
            hash = straight.WeightsSha256();
        }
        for (var stopped = 1; stopped <= expected.Count; stopped++)
        {
            using var resumed = new TrainingRun(options);
            resumed.Restore(PathOf(stopped));
            Assert.Equal(expected.Skip(stopped), resumed.Finish().Select(TinyRun.Timeless));
            Assert.Equal(hash, resumed.WeightsSha256());
        }
    }

    [Fact]
    public void Overflow_LeavesTheStepOut_AndHalvesTheScale()
    {
        using var trainer = Ready(training, FreezingPolicy.FineTune, precision: Precision.Fp16);
        var parameter = trainer.Network.TrainableParameters[0];
        using (torch.no_grad())
            parameter[0].fill_(float.PositiveInfinity);
        var before = Bits(trainer.Network.HeadParameters[0]);
        trainer.Step(1);
        Assert.Equal(32768, trainer.Scaler!.Current);
        // The step was left out: what is finite has not moved.
        Assert.Equal(before, Bits(trainer.Network.HeadParameters[0]));
    }

    private string PathOf(int epoch) => folder.PathOf($"{epoch}.checkpoint");

    private static byte[] Bits(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        return tensor.detach().contiguous().bytes.ToArray();
    }

    private static torch.Tensor Parameters(Trainer trainer) =>
        torch.cat([.. trainer.Network.TrainableParameters.Select(parameter => parameter.detach().flatten())]);
}
