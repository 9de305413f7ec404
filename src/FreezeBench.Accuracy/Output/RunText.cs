using System.Globalization;
using FreezeBench.Results.Rows;

namespace FreezeBench.Accuracy.Output;

/// <summary>Rows as short words.</summary>
public static class RunText
{
    /// <summary>What an epoch came to.</summary>
    public static string Epoch(AccuracyRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {row.Epoch}/{row.Epochs}  loss {row.TrainLoss:0.000}  test {row.TestLoss:0.000} {100 * row.TestAccuracyFraction:0.0} %  {row.TrainTimeS:0.00} s");

    /// <summary>That batches are smaller than asked for.</summary>
    public static string LoweredBatch(string policy, int asked, int used) => string.Create(
        CultureInfo.InvariantCulture, $"{policy}: batch size {used}, since {asked} did not fit into memory (--auto-batch); learning rates are not changed for it");

    /// <summary>How a run ended.</summary>
    public static string End(RunRow row) => row.Status switch
    {
        RunRow.Interrupted => string.Create(CultureInfo.InvariantCulture, $"interrupted after epoch {row.EpochsDone}/{row.Epochs}"),
        RunRow.Diverged => string.Create(CultureInfo.InvariantCulture, $"diverged in epoch {row.EpochsDone + 1}: lower its learning rate"),
        RunRow.TargetReached => string.Create(CultureInfo.InvariantCulture, $"reached {100 * row.TargetAccuracyFraction:0.#} % in epoch {row.EpochsToTarget}, after {row.TargetTrainTimeS:0.0} s of training"),
        _ => "finished",
    };

    /// <summary>When a run will be over, with a blank before it; empty where that is not known, or there is nothing left.</summary>
    public static string Eta(RunClock clock) =>
        clock.Remaining is { } left && left > TimeSpan.Zero ? $" ETA {Duration(left)}" : "";

    /// <summary>Hours where there are any, minutes, seconds.</summary>
    public static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}")
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
