using FreezeBench.Accuracy.Options;
using FreezeBench.Accuracy.Output;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Accuracy.Tests.Options;
using FreezeBench.Programs;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Accuracy.Tests.Runs;

public sealed class SettingsTextTests(SettingsTextTests.Images images) : IClassFixture<SettingsTextTests.Images>
{
    private static readonly string[] common = ["--device", "cpu", "--dataset", "synthetic", "--policies", "fine-tune,probe-then-tune", "--epochs", "4"];
    private static readonly GitState git = new() { Commit = "one", Dirty = false };

    /// <summary>The same for all tests.</summary>
    public sealed class Images : IDisposable
    {
        private readonly TestConsole console = new();

        public Images() => Data = AccuracyData.Load(Parsed.Settings(common), CPU, new DownloadReporter(console), TestContext.Current.CancellationToken);

        public AccuracyData Data { get; }

        public void Dispose()
        {
            Data.Dispose();
            console.Dispose();
        }
    }

    [Theory]
    [InlineData("--policies", "probe-then-tune,fine-tune")]
    [InlineData("--policies", "fine-tune")]
    [InlineData("--epochs", "5")]
    [InlineData("--epochs", "4,fine-tune=5")]
    [InlineData("--probe-epochs", "1")]
    [InlineData("--seeds", "2")]
    [InlineData("--seeds", "1,2")]
    [InlineData("--classes", "10")]
    [InlineData("--classes", "3")]
    [InlineData("--backbone", "resnet50")]
    [InlineData("--resolution", "64")]
    [InlineData("--batch-size", "64")]
    [InlineData("--memory-format", "contiguous")]
    [InlineData("--kernels", "plain")]
    [InlineData("--kernels", "both")]
    [InlineData("--precision", "bf16")]
    [InlineData("--train-limit", "100")]
    [InlineData("--test-limit", "100")]
    [InlineData("--dataset-label", "noise")]
    [InlineData("--optimizer", "adamw")]
    [InlineData("--schedule", "constant")]
    [InlineData("--learning-rate", "0.3")]
    [InlineData("--learning-rate-head", "0.3")]
    [InlineData("--learning-rate-backbone", "0.3")]
    [InlineData("--momentum", "0.3")]
    [InlineData("--weight-decay", "0.3")]
    [InlineData("--label-smoothing", "0.3")]
    [InlineData("--augmentation", "flip")]
    [InlineData("--target", "0.3")]
    [InlineData("--out", "elsewhere")]
    public void EveryOptionThatDecidesARun_ChangesTheFingerprint(string option, string value) =>
        Assert.NotEqual(Fingerprint(git, common), Fingerprint(git, [.. Without(option), option, value]));

    [Theory]
    [InlineData("--seeds", "1")]
    [InlineData("--batch-size", "128")]
    [InlineData("--kernels", "fast")]
    public void DefaultsInWords_AreTheSameRequest(string option, string value) => Assert.Equal(Fingerprint(git, common), Fingerprint(git, [.. common, option, value]));

    [Fact]
    public void OtherCode_IsAnotherRequest() => Assert.NotEqual(Fingerprint(git, common), Fingerprint(git with { Commit = "two" }, common));

    [Fact]
    public void ResultsAndStatesThatWereMovedTogether_AreTheSameRequest()
    {
        string[] first = [.. common, "--out", Path.Combine("first", "results")], second = [.. common, "--out", Path.Combine("second", "results")];
        Assert.Equal(Fingerprint(git, first, Path.Combine("first", "checkpoints")), Fingerprint(git, second, Path.Combine("second", "checkpoints")));
        Assert.NotEqual(Fingerprint(git, first, Path.Combine("first", "checkpoints")), Fingerprint(git, second, Path.Combine("first", "checkpoints")));
    }

    private static IEnumerable<string> Without(string option) => common.Chunk(2).Where(pair => pair[0] != option).SelectMany(pair => pair);

    private string Fingerprint(GitState state, string[] arguments, string checkpoints = "checkpoints")
    {
        var options = new AccuracyOptions();
        var parsed = options.Command.Parse(arguments);
        Assert.Empty(parsed.Errors);
        using var session = new RunSession(options.Run, parsed);
        var stamp = new RunStamp { RunId = StoppableRun.RunId, EnvironmentId = "environment", UtcTime = DateTimeOffset.UnixEpoch, Git = state };
        return CheckpointSession.Fingerprint(
            SettingsText.Facts(AccuracySettings.Resolve(options, parsed, session.Device), new InitialWeights("random", null), images.Data, session, stamp, Path.GetFullPath(checkpoints)));
    }
}
