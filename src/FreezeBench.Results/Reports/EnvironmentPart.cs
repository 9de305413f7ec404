using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Reports;

/// <summary>One environment's part of the report, and what setting it beside other environments needs.</summary>
/// <param name="Report">The part.</param>
/// <param name="Times">Its groups of times with their settings.</param>
/// <param name="Accuracies">Its groups of accuracies with what a conclusion computes from.</param>
/// <param name="Record">Its machine.</param>
/// <param name="Cases">All that was timed.</param>
internal sealed record EnvironmentPart(EnvironmentReport Report, IReadOnlyList<(CaseSettings Key, TimeGroup Group)> Times, IReadOnlyList<AccuracyPart> Accuracies, EnvironmentRecord Record, IReadOnlyList<MeasuredCase> Cases);
