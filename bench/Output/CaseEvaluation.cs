using BenchmarkDotNet.Reports;
using FreezeBench.Results.Rows;

namespace FreezeBench.Benchmarks.Output;

/// <summary>What came of a run: one case that failed does not take the others' measurements with it.</summary>
/// <param name="Measured">Of the cases that succeeded.</param>
/// <param name="Failures">A sentence for each case that did not.</param>
public sealed record CaseEvaluation(IReadOnlyList<BenchmarkMeasurement> Measured, IReadOnlyList<string> Failures)
{
    /// <summary>Evaluates every report.</summary>
    public static CaseEvaluation Of(IReadOnlyList<BenchmarkReport> reports, CaseMeasurements measurements)
    {
        List<BenchmarkMeasurement> measured = [];
        List<string> failures = [];
        foreach (var report in reports)
            try
            {
                if (report.Success)
                    measured.AddRange(measurements.Of(report));
                else
                    failures.Add($"{report.BenchmarkCase.DisplayInfo}. {FailureText.Of(report)}");
            }
            catch (InvalidOperationException e)
            {
                failures.Add(e.Message);
            }
        return new CaseEvaluation(measured, failures);
    }
}
