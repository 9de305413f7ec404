using FreezeBench.Results.Comparison;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Tests.Comparison;

/// <summary>Made-up runs.</summary>
internal static class Measured
{
    internal const string FirstCommit = "aaaaaaa1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    internal const string SecondCommit = "bbbbbbb2bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    // A record hashes itself whenever it is asked, and studies have a hundred thousand cases.
    private static readonly string cpu = Examples.Cpu.Id;

    /// <summary>A case of a run.</summary>
    internal static MeasuredCase Case(string run, IReadOnlyList<double> samples, string phase = "step", string policy = "frozen", Func<BenchmarkRow, BenchmarkRow>? change = null)
    {
        var measurement = Examples.Measurement with { SamplesMs = samples, Case = Examples.Measurement.Case with { Policy = policy, Phase = phase } };
        var row = measurement.ToRow(Examples.Stamp with { RunId = run, EnvironmentId = cpu });
        return new MeasuredCase(change is null ? row : change(row), samples);
    }

    /// <summary>A side with these rows.</summary>
    internal static Selection Side(string name, params IEnumerable<MeasuredCase> cases) => new() { Name = name, Cases = [.. cases], Environments = [Examples.Cpu, Examples.Gpu, Examples.OldCpu] };

    /// <summary>Ten samples about a centre in ms that scatter by about 1 %.</summary>
    internal static double[] About(double centre, int seed = 1) => [.. Simulated.Normal(seed, 10).Select(value => centre * Math.Exp(0.01 * value))];

    /// <summary>One case on both sides, a run of ten samples for each centre.</summary>
    internal static CaseComparison Judge(double[] bases, double[] diffs, ComparisonOptions? options = null) =>
        Assert(ResultComparison.Of(
            Side("base", bases.Select((centre, index) => Case($"base-{index}", About(centre, index)))),
            Side("diff", diffs.Select((centre, index) => Case($"diff-{index}", About(centre, 50 + index)))), options ?? new ComparisonOptions()));

    private static CaseComparison Assert(ResultComparison comparison) => Xunit.Assert.Single(comparison.Cases);
}
