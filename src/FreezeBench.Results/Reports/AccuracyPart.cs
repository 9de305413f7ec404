namespace FreezeBench.Results.Reports;

/// <summary>A group of accuracies with what the answer computes from.</summary>
/// <param name="Key">Its settings.</param>
/// <param name="Group">The group.</param>
/// <param name="Accuracies">For each policy and its kernels, and after each of its points, the seeds' test accuracies, 0..1.</param>
internal sealed record AccuracyPart(AccuracyKey Key, AccuracyGroup Group, IReadOnlyDictionary<PolicyName, IReadOnlyList<IReadOnlyList<double>>> Accuracies);
