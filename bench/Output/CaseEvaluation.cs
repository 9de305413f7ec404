using BenchmarkDotNet.Reports;
using FreezeBench.Benchmarks.Running;
using FreezeBench.Programs;
using FreezeBench.Results.Rows;

namespace FreezeBench.Benchmarks.Output;

/// <summary>What came of a run: one case that failed does not take the others' measurements with it.</summary>
/// <param name="Measured">Of the cases that succeeded.</param>
/// <param name="Failures">A sentence for each case that did not, but for those of <paramref name="Shortages"/>.</param>
/// <param name="Shortages">A message for each policy whose cases did not fit into memory.</param>
public sealed record CaseEvaluation(IReadOnlyList<BenchmarkMeasurement> Measured, IReadOnlyList<string> Failures, IReadOnlyList<string> Shortages)
{
    /// <summary>Evaluates every report.</summary>
    public static CaseEvaluation Of(IReadOnlyList<BenchmarkReport> reports, CaseMeasurements measurements)
    {
        List<BenchmarkMeasurement> measured = [];
        List<string> failures = [];
        // By policy: what is too much for a step is too much for an epoch.
        Dictionary<string, string> shortages = [];
        foreach (var report in reports)
        {
            var failure = report.Success ? null : measurements.Failure(report);
            try
            {
                if (report.Success)
                    measured.AddRange(measurements.Of(report));
                else if (FailureText.OfMemory(report, failure) is { } told)
                    shortages.TryAdd(SuiteCatalog.PolicyOf(report.BenchmarkCase).Name, OptionNames.Fill(measurements.Shortage(report).ToError(told)));
                else
                    failures.Add($"{report.BenchmarkCase.DisplayInfo}. {FailureText.Of(report, failure)}");
            }
            catch (InvalidOperationException e)
            {
                failures.Add(e.Message);
            }
        }
        return new CaseEvaluation(measured, failures, [.. shortages.Values]);
    }
}
