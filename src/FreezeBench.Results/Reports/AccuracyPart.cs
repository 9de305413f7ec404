namespace FreezeBench.Results.Reports;

/// <summary>A group of accuracies with what the answer computes from.</summary>
/// <param name="Key">Its settings.</param>
/// <param name="Group">The group.</param>
/// <param name="FinalAccuracies">For each policy and its kernels the seeds' test accuracies after its last point, 0..1.</param>
internal sealed record AccuracyPart(AccuracyKey Key, AccuracyGroup Group, IReadOnlyDictionary<PolicyName, IReadOnlyList<double>> FinalAccuracies);
