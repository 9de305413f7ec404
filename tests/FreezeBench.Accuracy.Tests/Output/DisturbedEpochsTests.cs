using FreezeBench.Accuracy.Output;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Output;

public class DisturbedEpochsTests
{
    private static string Warn(params AccuracyRow[] epochs)
    {
        using var console = new TestConsole();
        DisturbedEpochs.Warn(console, epochs);
        return string.Join(' ', console.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static AccuracyRow Epoch(int epoch, double? others, int seed = 1) => MadeUp.Epoch("frozen", 500, epoch: epoch, seed: seed) with { OthersBusyCores = others };

    [Fact]
    public void BusyPrograms_AreSaidByEpoch() => Assert.Equal(
        "Other programs kept up to 1.2 cores busy beside 4 of 6 epochs (frozen seed 1: 1-3; frozen seed 2: 2): their times are wrong, the accuracy is not. End them and run again for the times.",
        Warn(Epoch(1, 0.3), Epoch(2, 1.2), Epoch(3, 0.26), Epoch(4, 0.25), Epoch(1, null, seed: 2), Epoch(2, 0.5, seed: 2)));

    [Fact]
    public void QuietMachine_OrOneThatDoesNotTell_IsNotWarnedOf() => Assert.Equal("", Warn(Epoch(1, 0.25), Epoch(2, null)));
}
