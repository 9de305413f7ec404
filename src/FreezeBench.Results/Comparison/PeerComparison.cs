using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Comparison;

/// <summary>Ours beside every other framework, machine by machine.</summary>
/// <remarks>Cases must be alike in all settings, threads and memory format among them: what is asked is what the framework costs, and not how each does best. Versions, system and
/// driver are told.</remarks>
/// <param name="Pairs">A comparison for each machine and version of another framework, that one as BASE; one or more, each with a case.</param>
/// <param name="LeftOut">Frameworks that stand beside nothing of ours, a sentence each.</param>
public sealed record PeerComparison(IReadOnlyList<ResultComparison> Pairs, IReadOnlyList<string> LeftOut)
{
    private const string Cached = "frozen-cached", Frozen = "frozen", Epoch = "epoch";

    /// <summary>Phase of the case that is made of several rows: epochs of a frozen backbone as each side's user would train them, here one extraction and that many epochs on the
    /// cached features, there that many that run the backbone each time. The weights that come out are the same.</summary>
    public const string ManyEpochs = "10 epochs";

    private const int Epochs = 10;

    /// <summary>Compares the frameworks of a side.</summary>
    /// <param name="side">Rows of ours and of others.</param>
    /// <param name="brief">Whether parts of steps and epochs are left out.</param>
    /// <param name="options">Thresholds.</param>
    /// <exception cref="UserErrorException">There is no row of ours or none of others, or no case is of both on one machine.</exception>
    public static PeerComparison Of(Selection side, bool brief, ComparisonOptions options)
    {
        const string measure = "./run-benchmarks.sh --peers measures both in turn.";
        foreach (var (ours, what) in new[] { (false, "of another framework"), (true, $"of {NamedCase.OwnFramework}") })
        {
            if (!side.Cases.Any(measured => measured.Row.Framework == NamedCase.OwnFramework == ours))
                throw new UserErrorException($"{side.Name} has no row {what}. {measure}");
        }
        var machines = Contender.OfMachines(side with { Cases = [.. side.Cases, .. OfManyEpochs(side.Cases)] }, KnownMachines.Of(side.Environments));
        List<ResultComparison> pairs = [];
        List<string> leftOut = [];
        foreach (var machine in machines)
        {
            foreach (var (framework, theirs) in machine.Cases.Where(measured => measured.Row.Framework != NamedCase.OwnFramework).GroupBy(measured => (measured.Row.Framework, Software: machine.SoftwareOf(measured.Row)))
                .OrderBy(rows => rows.Key.Framework, StringComparer.Ordinal).ThenBy(rows => rows.Key.Software, StringComparer.Ordinal).Select(rows => (rows.Key.Framework, rows)))
            {
                Contender[] contenders = [machine.Of(framework) with { Cases = [.. theirs] }, machine.Of(NamedCase.OwnFramework)];
                var pair = ContenderComparison.Of(ComparisonKind.Frameworks, (side.Name, side.Name), contenders, ContenderComparison.AcrossFrameworks(contenders, CaseSettings.Of), options);
                if (brief)
                    pair = pair with { Cases = [.. pair.Cases.Where(entry => entry.Settings.IsWhole || entry.Settings.Phase == ManyEpochs)] };
                if (pair.Cases.Count > 0)
                    pairs.Add(pair);
                else
                    leftOut.Add($"{framework} on {machine.Name} ({string.Join(", ", theirs.Select(measured => measured.Row.EnvironmentId).Distinct().Order(StringComparer.Ordinal))}): no case of it was measured with {NamedCase.OwnFramework} on that machine at the same settings");
            }
        }
        return pairs.Count > 0 ? new PeerComparison(pairs, leftOut)
            : throw new UserErrorException($"{string.Join("; ", leftOut)}. Times of two machines make no ratio of frameworks. {measure}");
    }

    private static IEnumerable<MeasuredCase> OfManyEpochs(IReadOnlyList<MeasuredCase> cases)
    {
        var extractions = cases.Where(measured => measured.Row is { Policy: Cached, Phase: "feature_extraction" }).GroupBy(measured => KeyOf(measured.Row)).ToDictionary(group => group.Key, group => group.First().Row.MedianMs);
        foreach (var row in cases.Select(measured => measured.Row).Where(row => row is { Suite: Epoch, Phase: Epoch }))
        {
            if (row.Framework == NamedCase.OwnFramework && row.Policy == Cached && extractions.TryGetValue(KeyOf(row), out var extraction))
                yield return Made(extraction + Epochs * row.MedianMs);
            else if (row.Framework != NamedCase.OwnFramework && row.Policy == Frozen)
                yield return Made(Epochs * row.MedianMs);

            MeasuredCase Made(double medianMs) => new(row with { Policy = $"{Cached}/{Frozen}", Phase = ManyEpochs, MedianMs = medianMs }, []);
        }
    }

    private static (string, CaseSettings) KeyOf(BenchmarkRow row) => (row.RunId, CaseSettings.Of(row) with { Phase = null });
}
