namespace FreezeBench.Results.Checks;

/// <summary>Collects findings; keeps no more of a kind and file than are shown, so that a file of a million bad rows needs no more
/// memory than a good one.</summary>
internal sealed class FindingLog
{
    private readonly Dictionary<(FindingKind Kind, string File), (List<Finding> Kept, int Count)> found = [];

    internal long Rows { get; set; }

    internal void Add(FindingKind kind, string file, long? line, string? column, FormattableString message) =>
        Add(new Finding { Kind = kind, File = file, Line = line, Column = column, Message = FormattableString.Invariant(message) });

    internal void Add(Finding finding)
    {
        var (kept, count) = found.GetValueOrDefault((finding.Kind, finding.File), ([], 0));
        // What is wrong with a cell is often what is in it.
        if (count < CheckResult.MostPerKindAndFile)
            kept.Add(finding with { Message = ForeignText.Message(finding.Message) });
        found[(finding.Kind, finding.File)] = (kept, count + 1);
    }

    internal CheckResult Result(int environments)
    {
        // A folder's findings stand in front of its files', as "." and "a" sort before "a/b".
        var groups = found.OrderBy(group => group.Key.File, StringComparer.Ordinal).ThenBy(group => Place(group.Key.Kind)).ToList();
        return new CheckResult
        {
            Findings = [.. groups.SelectMany(group => group.Value.Kept.OrderBy(finding => finding.Line ?? 0))],
            Omitted = [.. groups.Where(group => group.Value.Count > group.Value.Kept.Count)
                .Select(group => new OmittedFindings(group.Key.Kind, group.Key.File, group.Value.Count - group.Value.Kept.Count))],
            Environments = environments,
            Rows = Rows,
        };
    }

    private static int Place(FindingKind kind) => FindingKind.All.Index().First(item => item.Item == kind).Index;
}
