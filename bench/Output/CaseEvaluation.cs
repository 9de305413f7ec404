using BenchmarkDotNet.Reports;
using FreezeBench.Benchmarks.Running;
using FreezeBench.Programs;
using FreezeBench.Results.Rows;

namespace FreezeBench.Benchmarks.Output;

/// <summary>What came of the cases of a round: one that failed does not take the others' measurements with it.</summary>
/// <param name="measurements">Reads them.</param>
public sealed class CaseEvaluation(CaseMeasurements measurements)
{
    private readonly List<string> failures = [];
    // By policy: what is too much for a step is too much for an epoch.
    private readonly Dictionary<string, string> shortages = [];

    /// <summary>A sentence for each case that did not succeed, but for those of <see cref="Shortages"/>.</summary>
    public IReadOnlyList<string> Failures => failures;

    /// <summary>A message for each policy whose cases did not fit into memory.</summary>
    public IReadOnlyCollection<string> Shortages => shortages.Values;

    /// <summary>Evaluates a case that has ended.</summary>
    /// <returns>What it measured; nothing where it failed.</returns>
    public IReadOnlyList<BenchmarkMeasurement> Of(BenchmarkReport report)
    {
        var failure = report.Success ? null : measurements.Failure(report);
        try
        {
            if (report.Success)
                return measurements.Of(report);
            if (FailureText.OfMemory(report, failure) is { } told)
                shortages.TryAdd(SuiteCatalog.PolicyOf(report.BenchmarkCase).Name, OptionNames.Fill(measurements.Shortage(report).ToError(told)));
            else
                failures.Add($"{report.BenchmarkCase.DisplayInfo}. {FailureText.Of(report, failure)}");
        }
        catch (InvalidOperationException e)
        {
            failures.Add(e.Message);
        }
        return [];
    }
}
