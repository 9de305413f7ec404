using System.Globalization;
using FreezeBench.Accuracy.Output;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Tables;

namespace FreezeBench.Accuracy.Estimating;

/// <summary>A prediction for people, within 80 columns.</summary>
internal static class EstimateText
{
    /// <summary>The table and what all runs take.</summary>
    internal static IEnumerable<string> Lines(CommandEstimate estimate) =>
    [
        .. new Table(
            ["policy", "shots", "cl.", "n", "ep.", "1st ep.", "later", "eval.", "a run", "all"],
            [.. estimate.Runs.Select(runs => (IReadOnlyList<string?>)
            [
                runs.Name.ToString(), runs.Shots is { } shots ? Numbers.Count(shots) : null, Numbers.Count(runs.Classes), Numbers.Count(runs.Runs), Numbers.Count(runs.Epochs),
                Time(runs.FirstEpochS), runs.LaterEpochS is { } later ? Time(later) : null, Time(runs.EvaluationS), runs.Runs == 1 ? null : Time(runs.OneRunS), Time(runs.AllS),
            ])], 0).WithoutEmptyColumns().Plain("-"),
        $"All of the command: {Time(estimate.TotalS)}.",
    ];

    /// <summary>Some words.</summary>
    internal static IEnumerable<string> Wrapped(string text) => WrappedText.Lines("", 2, text);

    /// <summary>A time in s: with three digits, or as a clock shows it from 100 s on.</summary>
    internal static string Time(double seconds) => seconds < 99.95 ? Numbers.Seconds(seconds)
        : TimeSpan.MaxValue.TotalSeconds > seconds ? RunText.Duration(TimeSpan.FromSeconds(Math.Round(seconds))) : seconds.ToString("0.0e0 s", CultureInfo.InvariantCulture);
}
