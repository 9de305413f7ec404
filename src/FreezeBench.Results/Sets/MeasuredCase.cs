using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Sets;

/// <summary>A benchmark row with its raw samples.</summary>
/// <param name="Row">The row of benchmarks.csv.</param>
/// <param name="SamplesMs">Its samples of samples.csv in ms, in the order of measuring; empty where the file has none.</param>
public sealed record MeasuredCase(BenchmarkRow Row, IReadOnlyList<double> SamplesMs);
