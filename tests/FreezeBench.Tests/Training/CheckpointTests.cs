using FreezeBench.Freezing;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Results;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;

namespace FreezeBench.Tests.Training;

/// <summary>A run that was stopped goes on as if it had not been: compared bit by bit.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly Temporary folder = new();
    private readonly FreezeBench.Images.Sets.ImageDataSet training = TinyImages();
    private readonly FreezeBench.Images.Sets.ImageDataSet test = TinyImages(seed: 2);

    // A schedule keeps nothing of an optimizer, nor an optimizer of a strategy: each with each would show the same again.
    public static TheoryData<string, string, string> Cases =>
        [.. from schedule in LearningRateSchedule.All
            select ("fine-tune", OptimizerKind.Sgd.Name, schedule.Name),
         .. from strategy in Strategies.Index()
            select (strategy.Item, OptimizerKind.All[(strategy.Index + 1) % OptimizerKind.All.Count].Name, "cosine")];

    public void Dispose()
    {
        training.Dispose();
        test.Dispose();
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void StoppedAfterAnyEpoch_TheRestIsTheSame_BitForBit(string strategy, string optimizer, string schedule)
    {
        // A stop at the change of phases, and one in the second.
        var epochs = strategy == Strategy.ProbeThenTune.Name ? 3 : 2;
        var options = TinyRun.Options(training, test, Strategy.Parse(strategy), epochs, OptimizerKind.Parse(optimizer), LearningRateSchedule.Parse(schedule));
        List<EpochOutcome> expected = [];
        List<string> hashes = [];
        using (var straight = new TrainingRun(options))
        {
            straight.Save(PathOf(0));
            while (!straight.Finished)
            {
                expected.Add(straight.NextEpoch().Timeless());
                hashes.Add(straight.WeightsSha256());
                straight.Save(PathOf(straight.EpochsDone));
            }
        }
        Assert.Equal(epochs, hashes.Distinct().Count());
        for (var stopped = 0; stopped <= epochs; stopped++)
        {
            using var resumed = new TrainingRun(options);
            resumed.Restore(PathOf(stopped));
            Assert.Equal(stopped, resumed.EpochsDone);
            if (stopped > 0)
                Assert.Equal(hashes[stopped - 1], resumed.WeightsSha256());
            Assert.Equal(expected.Skip(stopped), resumed.Finish().Select(TinyRun.Timeless));
            Assert.Equal(hashes[^1], resumed.WeightsSha256());
        }
    }

    [Fact]
    public void SavingTwice_GivesTheSameFile_AndLeavesNoOther()
    {
        using var run = new TrainingRun(TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.FineTune)));
        run.NextEpoch();
        run.Save(PathOf(1));
        var first = File.ReadAllBytes(PathOf(1));
        run.Save(PathOf(1));
        Assert.Equal(first, File.ReadAllBytes(PathOf(1)));
        Assert.Equal([PathOf(1)], Directory.EnumerateFileSystemEntries(folder.Folder));
    }

    [Fact]
    public void AnyDamage_IsSaid()
    {
        var options = TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.Frozen));
        using (var run = new TrainingRun(options))
        {
            run.NextEpoch();
            run.Save(PathOf(1));
        }
        var sound = File.ReadAllBytes(PathOf(1));
        // A bit in every part: size, header, metadata, tensors. And every kind of end.
        foreach (var place in Enumerable.Range(0, 24).Select(part => part * (sound.Length - 1) / 23).Concat([0, 9, 40, 80, 120, 160]))
            AssertRefused(options, [.. sound[..place], (byte)(sound[place] ^ 1), .. sound[(place + 1)..]]);
        foreach (var length in new[] { 0, 7, 8, 100, sound.Length / 2, sound.Length - 1 })
            AssertRefused(options, sound[..length]);
        AssertRefused(options, [.. sound, 0]);
        AssertRefused(options, "not a checkpoint at all"u8.ToArray());
    }

    [Theory]
    [InlineData("network.layer1.0.conv1.weight", "not a number")]
    [InlineData("optimizer", "not a number")]
    [InlineData("network.bn1.running_var", "negative")]
    public void ValuesThatNoSoundTrainingHas_AreRefused_ByEntry(string entry, string kind)
    {
        var options = TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.FineTune));
        using (var run = new TrainingRun(options))
        {
            run.NextEpoch();
            run.Save(PathOf(1), tensor => tensor.Key.StartsWith(entry, StringComparison.Ordinal) && tensor.Value.is_floating_point() ? KeyValuePair.Create(tensor.Key, TorchSharp.torch.full_like(tensor.Value, kind == "negative" ? -1 : double.NaN)) : tensor);
        }
        using var again = new TrainingRun(options);
        var message = Assert.Throws<UserErrorException>(() => again.Restore(PathOf(1))).Message;
        Assert.Contains($"it holds what no sound training has: '{entry}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFile_IsSaid()
    {
        using var run = new TrainingRun(TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.Frozen)));
        Assert.Contains(PathOf(9), Assert.Throws<UserErrorException>(() => run.Restore(PathOf(9))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckpointOfAnotherRun_IsRefused_AndTheDifferenceNamed()
    {
        var options = TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.Frozen));
        using (var run = new TrainingRun(options))
            run.Save(PathOf(0));
        AssertOther("its strategy is 'frozen', and this run's is 'fine-tune'", options with { Strategy = Strategy.Of(FreezingPolicy.FineTune) });
        AssertOther("its seed is '1', and this run's is '2'", options with { Seed = 2 });
        AssertOther("its epochs is '4', and this run's is '5'", options with { Epochs = 5 });
        AssertOther("its precision is 'fp32', and this run's is 'bf16'", options with { Precision = Precision.Bf16 });
        AssertOther("its fingerprint is 'tiny', and this run's is 'other'", options with { Fingerprint = "other" });
        AssertOther("another kind of run", options with { Network = NetworkCatalog.Residual("wide", TinyTraining.Shape with { Width = 16 }) });
    }

    [Fact]
    public void OtherOptimizersState_IsRefused()
    {
        var options = TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.Frozen), optimizer: OptimizerKind.AdamW);
        using (var run = new TrainingRun(options))
        {
            run.NextEpoch();
            run.Save(PathOf(0));
        }
        AssertOther("another kind of run", TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.Frozen), optimizer: OptimizerKind.Sgd));
    }

    [Fact]
    public void FolderThatIsMissing_IsSaid()
    {
        using var run = new TrainingRun(TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.Frozen)));
        var path = Path.Combine(folder.Folder, "none", "a.checkpoint");
        Assert.StartsWith($"The checkpoint '{path}' cannot be written: ", Assert.Throws<UserErrorException>(() => run.Save(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_ComesFirst()
    {
        using var run = new TrainingRun(TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.Frozen)));
        run.NextEpoch();
        run.Save(PathOf(1));
        Assert.Throws<InvalidOperationException>(() => run.Restore(PathOf(1)));
    }

    private string PathOf(int epoch) => folder.PathOf($"{epoch}.checkpoint");

    private void AssertOther(string difference, TrainingRunOptions options)
    {
        using var run = new TrainingRun(options);
        var message = Assert.Throws<UserErrorException>(() => run.Restore(PathOf(0))).Message;
        Assert.StartsWith($"The checkpoint '{PathOf(0)}' cannot be restored: it ", message, StringComparison.Ordinal);
        Assert.Contains(difference, message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => run.NextEpoch());
    }

    private void AssertRefused(TrainingRunOptions options, byte[] content)
    {
        File.WriteAllBytes(PathOf(7), content);
        using var run = new TrainingRun(options);
        var message = Assert.Throws<UserErrorException>(() => run.Restore(PathOf(7))).Message;
        Assert.StartsWith($"The checkpoint '{PathOf(7)}' cannot be restored", message, StringComparison.Ordinal);
        Assert.EndsWith("Delete it to train this run from its first epoch.", message, StringComparison.Ordinal);
    }
}
