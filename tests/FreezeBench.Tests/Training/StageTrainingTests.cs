using FreezeBench.Images.Formats;
using FreezeBench.Kernels;
using FreezeBench.Optimizing;
using FreezeBench.Results;
using FreezeBench.Tests.Features.Heads;
using FreezeBench.Tests.Networks;
using FreezeBench.Tests.Peers;
using FreezeBench.Training;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Safetensors;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

/// <summary>A rate for each stage, and stages that begin to train one after the other: as PyTorch's parameter groups do it, and resumable.</summary>
public sealed class StageTrainingTests : IDisposable
{
    // Relative, as that of PolicyGoldenTests. AdamW divides by the root of small squares, which amplifies the rounding of the sums below them: 7e-5 was
    // seen after 15 steps, and a wrong share of one stage changes the third digit.
    private const double Tolerance = 1e-5;
    private const double AdamWTolerance = 5e-4;

    private static readonly string[] whats = ["decay", "unfreezing"];

    private readonly Temporary folder = new();

    public static TheoryData<string, string> Kinds => [.. from kind in OptimizerKind.All from what in whats select (kind.Name, what)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void FifteenSteps_AreThoseOfPyTorchsParameterGroups(string kind, string what)
    {
        using var training = SyntheticImages.Create(TwinTraining.ImagesPerEpoch, CifarFiles.SizePx, CifarFiles.Classes, 1, CPU);
        using var test = training.Select([.. Enumerable.Range(0, TwinTraining.BatchSize).Select(index => (long)index)]);
        var golden = (what == "decay" ? HeadGolden.Instance.ByStage : HeadGolden.Instance.Unfreezing)[kind];
        using var run = new TrainingRun(new TrainingRunOptions
        {
            Network = Thin.Definition(),
            Kernels = KernelSet.Plain,
            Strategy = Strategy.Parse("fine-tune"),
            Training = training,
            Test = test,
            ResolutionPx = 32,
            MemoryFormat = MemoryFormat.Contiguous,
            BatchSize = TwinTraining.BatchSize,
            Seed = 1,
            Epochs = 3,
            RecipeFor = policy => Recipe.DefaultFor(policy) with { Optimizer = OptimizerKind.Parse(kind), LearningRateDecay = what == "decay" ? 0.65 : null },
            UnfreezeEvery = what == "decay" ? null : 1,
            Weights = FormulaFile(),
        });

        var outcomes = run.Finish();

        var tolerance = kind == "adamw" ? AdamWTolerance : Tolerance;
        Assert.All(golden.Losses.Zip(outcomes), pair => Assert.Equal(1, pair.Second.Train.MeanLoss / pair.First, tolerance));
        Assert.Equal(1, outcomes[^1].Test.MeanLoss / golden.FinalLoss, tolerance);
    }

    [Fact]
    public void EachEpoch_ChangesTheStagesThatTrain_AndNoOther()
    {
        using var training = TinyImages();
        using var test = TinyImages(7, seed: 2);
        var options = TinyRun.Options(training, test, Strategy.Parse("from-layer2"), epochs: 6) with { UnfreezeEvery = 2 };
        using var run = new TrainingRun(options);
        run.Save(PathOf(0));
        List<string> policies = [];
        while (!run.Finished)
        {
            policies.Add(run.NextEpoch().Policy.Name);
            run.Save(PathOf(run.EpochsDone));
        }

        Assert.Equal(["frozen", "frozen", "from-layer4", "from-layer4", "from-layer3", "from-layer3"], policies);
        string[][] trained = [["fc"], ["fc"], ["layer4", "fc"], ["layer4", "fc"], ["layer3", "layer4", "fc"], ["layer3", "layer4", "fc"]];
        for (var epoch = 0; epoch < 6; epoch++)
        {
            var changed = ChangedTensors.Between(PathOf(epoch), PathOf(epoch + 1));
            using var scope = NewDisposeScope();
            var all = StateDictFile.Read(PathOf(0)).Entries.Select(entry => entry.Name).Where(name => name.StartsWith("network.", StringComparison.Ordinal));
            Assert.Equal(all.Where(name => trained[epoch].Any(stage => name.StartsWith($"network.{stage}.", StringComparison.Ordinal))).Order(StringComparer.Ordinal), changed);
        }
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void StoppedAfterAnyEpoch_TheRestIsTheSame_BitForBit(string optimizer)
    {
        using var training = TinyImages();
        using var test = TinyImages(7, seed: 2);
        var plain = TinyRun.Options(training, test, Strategy.Parse("from-layer3"), epochs: 5, OptimizerKind.Parse(optimizer));
        var options = plain with { UnfreezeEvery = 2, RecipeFor = policy => plain.RecipeFor(policy) with { LearningRateDecay = 0.5 } };
        List<EpochOutcome> expected = [];
        string whole;
        using (var straight = new TrainingRun(options))
        {
            straight.Save(PathOf(0));
            while (!straight.Finished)
            {
                expected.Add(straight.NextEpoch().Timeless());
                straight.Save(PathOf(straight.EpochsDone));
            }
            whole = straight.WeightsSha256();
        }
        Assert.Equal(["frozen", "frozen", "from-layer4", "from-layer4", "from-layer3"], expected.Select(epoch => epoch.Policy.Name));
        // One schedule over all of them: it only falls.
        Assert.Equal(expected.Select(epoch => epoch.LearningRates.Head).OrderDescending(), expected.Select(epoch => epoch.LearningRates.Head));
        for (var stopped = 0; stopped <= 5; stopped++)
        {
            using var resumed = new TrainingRun(options);
            resumed.Restore(PathOf(stopped));
            // A file that is written again right away holds the same, memory of the optimizer included.
            resumed.Save(PathOf(9));
            Assert.Equal(File.ReadAllBytes(PathOf(stopped)), File.ReadAllBytes(PathOf(9)));
            Assert.Equal(expected.Skip(stopped), resumed.Finish().Select(TinyRun.Timeless));
            Assert.Equal(whole, resumed.WeightsSha256());
        }
    }

    [Fact]
    public void DecayOfOne_IsNoDecay_AndAdaptersGoWithTheStageOfTheirLayer()
    {
        using var training = TinyImages();
        using var test = TinyImages(7, seed: 2);
        string Weights(string strategy, double? decay)
        {
            var plain = TinyRun.Options(training, test, Strategy.Parse(strategy), epochs: 1);
            using var run = new TrainingRun(plain with { RecipeFor = policy => plain.RecipeFor(policy) with { LearningRateDecay = decay } });
            run.Finish();
            return run.WeightsSha256();
        }

        Assert.All(["fine-tune", "lora:4", "only-layer2", "bias-only"], strategy =>
        {
            Assert.Equal(Weights(strategy, null), Weights(strategy, 1));
            Assert.NotEqual(Weights(strategy, null), Weights(strategy, 0.5));
        });
        Assert.Equal(Weights("frozen", null), Weights("frozen", 0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void DecayOutOfItsRange_IsRefused(double decay) => Assert.Contains(
        "learning rate's decay› is", Assert.Throws<UserErrorException>(() => new TrainingOptions { LearningRateDecay = decay }.Validated()).MarkedMessage, StringComparison.Ordinal);

    [Fact]
    public void TooFewEpochs_LeaveTheFirstStagesFrozen_AndOtherStrategiesTakeNoNotice()
    {
        var unfreezing = new Unfreezing(2, Tiny.StageNames);
        Assert.Equal([("frozen", 2), ("from-layer4", 1)], Strategy.Parse("fine-tune").Phases(3, unfreezing: unfreezing).Select(phase => (phase.Policy.Name, phase.Epochs)));
        Assert.Equal(["frozen", "from-layer4", "from-layer3", "from-layer2", "from-layer1", "fine-tune"], Strategy.Parse("fine-tune").Phases(20, unfreezing: unfreezing).Select(phase => phase.Policy.Name));
        Assert.Equal(20, Strategy.Parse("fine-tune").Phases(20, unfreezing: unfreezing).Sum(phase => phase.Epochs));
        Assert.Equal(Strategy.ProbeThenTune.Phases(4), Strategy.ProbeThenTune.Phases(4, unfreezing: unfreezing));
        Assert.Equal(Strategy.Parse("only-layer2").Phases(4), Strategy.Parse("only-layer2").Phases(4, unfreezing: unfreezing));
    }

    private string PathOf(int epoch) => Path.Combine(folder.Folder, $"{epoch}.safetensors");

    private StateDictFile FormulaFile()
    {
        using var scope = NewDisposeScope();
        using var network = Thin.Definition().Build(CifarFiles.Classes, 32, KernelSet.Plain);
        FormulaWeights.Fill(network.Module);
        var path = Path.Combine(folder.Folder, "formula.safetensors");
        SafetensorsWriter.Write(path, [.. network.Module.state_dict()], new Dictionary<string, string>());
        return StateDictFile.Read(path);
    }
}
