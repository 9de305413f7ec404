using FreezeBench.Accuracy.Output;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Results.Rows;
using FreezeBench.Training;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Output;

public class ReporterTests
{
    private static readonly PlannedRun longest = new(Strategy.ProbeThenTune, 12345, ClassSelection.Parse("10")[0], 100, KernelSet.Fast);
    private static readonly AccuracyRow full = MadeUp.Epoch("probe-then-tune", 1000, epoch: 99, seed: 12345, trainTimeS: 12345.6, epochs: 100);

    [Fact]
    public void LiveLines_FitInto80Columns_AndKeepTheAccuracy()
    {
        using var console = new TestConsole().Interactive();
        LiveReporter.Display(console).Start(context =>
        {
            var reporter = new LiveReporter(context, console);
            reporter.Begins(longest, 1, 12, 0);
            reporter.StepEnded(1, 10);
            reporter.EpochEnded(full);
        });

        Assert.All(console.Lines.Where(line => line.Trim().Length > 0), line =>
        {
            Assert.True(line.TrimEnd().Length <= 80, line);
            // One line: nothing of it, such as a percentage, is broken off.
            Assert.StartsWith("probe-then-tune seed 12345 classes 10", line.TrimStart(), StringComparison.Ordinal);
        });
        Assert.Contains("99/100 acc 100.0 %", console.Output, StringComparison.Ordinal);
        Assert.Contains("━━━━━━━━━━", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void LiveLines_ShortenALongSelection_AndKeepTheLossWhereThereIsRoom()
    {
        using var console = new TestConsole().Interactive();
        LiveReporter.Display(console).Start(context =>
        {
            var reporter = new LiveReporter(context, console);
            reporter.Begins(longest with { Classes = ClassSelection.Parse(string.Join(',', Enumerable.Range(1, 50).Select(number => $"class{number}")))[0] }, 1, 2, 0);
            reporter.EpochEnded(full);
            reporter.Begins(new PlannedRun(Strategy.Of(Freezing.FreezingPolicy.Frozen), 1, null, 100, KernelSet.Fast), 2, 2, 0);
            reporter.EpochEnded(full);
        });

        Assert.All(console.Lines, line => Assert.True(line.TrimEnd().Length <= 80, line));
        Assert.Contains("probe-then-tune seed 12345 classes c… 99/100 acc 100.0 %", console.Output, StringComparison.Ordinal);
        Assert.Contains("frozen seed 1 99/100 loss 1.25 acc 100.0 %", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void PlainLines_NameTheRun_TheEpoch_AndWhatItCameTo()
    {
        using var console = new TestConsole().Width(200);
        var reporter = new LineReporter(console);
        reporter.Begins(longest, 2, 12, 98);
        reporter.EpochEnded(full);
        reporter.Ends(MadeUp.End(full));

        Assert.Equal("[2/12] probe-then-tune seed 12345 classes 10  goes on after epoch 98/100", console.Lines[0]);
        Assert.StartsWith("[2/12] probe-then-tune seed 12345 classes 10  epoch 99/100  loss 1.250  test 0.750 100.0 %  12345.60 s", console.Lines[1], StringComparison.Ordinal);
        Assert.Equal(2, console.Lines.Count(line => line.Length > 0));
    }

    [Fact]
    public void Estimate_IsThereBeforeTheFirstEpochEnds_ByItsSteps()
    {
        var time = new ManualTime();
        var clock = new RunClock(time);
        clock.Begins(3);
        time.Advance(20);       // features are extracted, caches are cold
        clock.StepEnded(1, 10);
        Assert.Null(clock.Remaining);
        time.Advance(2);
        clock.StepEnded(2, 10);
        // Eight steps of this epoch and twenty of the others, 2 s each.
        Assert.Equal(TimeSpan.FromSeconds(56), clock.Remaining);
        using var console = new TestConsole().Width(200);
        var reporter = new LineReporter(console, time);
        reporter.Begins(longest, 1, 1, 0);
        time.Advance(11);
        reporter.StepEnded(1, 2);
        time.Advance(1);
        reporter.StepEnded(2, 2);
        Assert.Contains("step 2/2  ETA 3:18, evaluations apart", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void EstimateOfCachedEpochs_GoesWithoutTheExtraction()
    {
        var time = new ManualTime();
        var clock = new RunClock(time);
        clock.Begins(3);
        time.Advance(26);
        clock.EpochEnded(MadeUp.Epoch("frozen-cached", 1, trainTimeS: 13.03, epochs: 3) with { FeatureExtractionTimeS = 13 });
        Assert.Equal(0.06, clock.Remaining!.Value.TotalSeconds, 1e-6);
        time.Advance(5);
        clock.EpochEnded(MadeUp.Epoch("fine-tune", 1, epochs: 3));
        Assert.Equal(TimeSpan.FromSeconds(5), clock.Remaining);
    }

    private sealed class ManualTime : TimeProvider
    {
        private long now = 1;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => now;

        internal void Advance(double seconds) => now += (long)(1000 * seconds);
    }

    [Fact]
    public void RunThatEndsEarly_SaysWhy()
    {
        Assert.Equal("interrupted after epoch 99/100", RunText.End(MadeUp.End(full) with { Status = RunRow.Interrupted }));
        Assert.Equal("reached 92.5 % in epoch 99, after 31.5 s of training", RunText.End(MadeUp.End(full, 0.925, 31.46)));
    }

    [Theory]
    [InlineData(59.9, "0:59")]
    [InlineData(61, "1:01")]
    [InlineData(3600, "1:00:00")]
    [InlineData(90_000, "25:00:00")]
    public void Durations_HaveHoursWhereThereAreAny(double seconds, string expected) => Assert.Equal(expected, RunText.Duration(TimeSpan.FromSeconds(seconds)));
}
