using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>One environment's part of the report, and what matching it with other environments needs beside.</summary>
/// <param name="Report">The part.</param>
/// <param name="Times">Its groups of times with their settings.</param>
internal sealed record EnvironmentPart(EnvironmentReport Report, IReadOnlyList<(CaseSettings Key, TimeGroup Group)> Times);
