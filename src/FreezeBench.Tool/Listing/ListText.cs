using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Tables;

namespace FreezeBench.Tool.Listing;

/// <summary>The list for people, 80 columns.</summary>
internal static class ListText
{
    private const int Indent = 12;

    /// <summary>Digits of a commit that tell it from others.</summary>
    private const int ShortCommit = 8;

    internal static void Write(TextWriter output, IReadOnlyList<ListedEnvironment> environments, bool runs)
    {
        foreach (var (index, environment) in environments.Index())
        {
            if (index > 0)
                output.WriteLine();
            output.WriteLine(environment.Id);
            Facts(output, environment);
            if (runs)
                Runs(output, environment);
        }
    }

    private static void Facts(TextWriter output, ListedEnvironment environment)
    {
        var runs = environment.Runs;
        Line(output, "name", environment.Name);
        Line(output, "rows", string.Create(CultureInfo.InvariantCulture,
            $"{runs.Sum(run => run.Benchmarks):N0} cases, {runs.Sum(run => run.Samples):N0} samples, {runs.Sum(run => run.Epochs):N0} epochs, {runs.Sum(run => run.RunEnds):N0} ends of runs"));
        Line(output, "runs", runs.Count.ToString("N0", CultureInfo.InvariantCulture));
        Line(output, "dates", Dates(runs));
        Line(output, "commits", Joined(runs, run => run.Commits.Select(Short)));
        Line(output, "suites", Joined(runs, run => run.Suites));
        Line(output, "policies", Joined(runs, run => run.Policies));
        Line(output, "data sets", Joined(runs, run => run.Datasets));
        Line(output, "seeds", string.Join(", ", runs.SelectMany(run => run.Seeds).Distinct().Order().Select(Number)));
    }

    /// <summary>Three lines at the most for a usual run: what it is, then what it is made of.</summary>
    private static void Runs(TextWriter output, ListedEnvironment environment)
    {
        foreach (var run in environment.Runs)
        {
            string[] parts =
            [
                .. run.Commits.Select(Short), .. run.Suites, .. run.Datasets,
                .. Count(run.Benchmarks, "case"), .. Count(run.Epochs, "epoch"), .. Count(run.RunEnds, "end"), .. Count(run.Rounds, "round"),
                .. run.Seeds.Count > 0 ? ["seeds " + string.Join(',', run.Seeds.Select(Number))] : Array.Empty<string>(),
                .. run.TimesDisturbed ? ["times disturbed"] : Array.Empty<string>(),
            ];
            WrappedText.Write(output, $"  {run.RunId}  ", 6, string.Join(", ", parts));
        }
    }

    private static IEnumerable<string> Count(int count, string noun) =>
        count == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}")];

    private static void Line(TextWriter output, string name, string text) => WrappedText.Write(output, $"  {name}".PadRight(Indent), Indent, text.Length == 0 ? "none" : text);

    private static string Dates(IReadOnlyList<ListedRun> runs)
    {
        var times = runs.Select(run => run.Times).OfType<(DateTimeOffset First, DateTimeOffset Last)>().ToList();
        if (times.Count == 0)
            return "";
        var (first, last) = (Day(times.Min(time => time.First)), Day(times.Max(time => time.Last)));
        return first == last ? first : $"{first} to {last}";
    }

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Joined(IReadOnlyList<ListedRun> runs, Func<ListedRun, IEnumerable<string>> parts) =>
        string.Join(", ", runs.SelectMany(parts).Distinct().Order(StringComparer.Ordinal));

    private static string Short(string commit) => commit == Unknown.Text || commit.Length <= ShortCommit ? commit : commit[..ShortCommit];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
