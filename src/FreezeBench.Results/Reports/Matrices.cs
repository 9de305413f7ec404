namespace FreezeBench.Results.Reports;

/// <summary>Sets environments side by side at the same settings. Threads and device are left open: they differ with the machine.</summary>
internal static class Matrices
{
    /// <summary>The settings of most environments first.</summary>
    internal static IReadOnlyList<Matrix> Of(IEnumerable<EnvironmentPart> environments) =>
    [
        .. environments.SelectMany(part => part.Times
                .Where(time => time.Group.Policies.Count > 0)
                .Select(time => (Key: time.Key with { Threads = null, Device = null }, part.Report, time.Group))
                // An environment may have the same settings with other threads; its richest group stands for it.
                .DistinctBy(time => time.Key))
            .GroupBy(time => time.Key).Where(same => same.Count() >= 2)
            .OrderByDescending(same => same.Count()).ThenBy(same => same.Key.Text, StringComparer.Ordinal)
            .Select(same => new Matrix
            {
                Settings = same.Key.Text,
                Rows = [.. same.Select(time => new MatrixRow(time.Report.Id, time.Report.Name, time.Group.Policies))],
            }),
    ];
}
