namespace FreezeBench.Results.Rows;

/// <summary>What joins a benchmark row to its samples. Settings that one run holds fixed are not part of it.</summary>
/// <param name="RunId">The invocation.</param>
/// <param name="Case">The case, by what names it in both files.</param>
public sealed record CaseKey(string RunId, CaseSettings Case)
{
    /// <summary>All parts, for messages.</summary>
    public string Text => string.Join('|', Case.Values.Select(value => value.Text).Prepend(RunId));

    /// <summary>The key of a benchmark row.</summary>
    public static CaseKey Of(BenchmarkRow row) => Of(row, row);

    /// <summary>The key of the case that a sample belongs to.</summary>
    public static CaseKey Of(SampleRow row) => Of(row, row);

    private static CaseKey Of(IResultRow row, NamedCase measured) =>
        new CaseKey(row.RunId, CaseSettings.NameOf(measured) with { EnvironmentId = row.EnvironmentId });
}
