using FreezeBench.Faults;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Verification;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Faults;

/// <summary>Files of results with random damage: every command ends with a message or without a finding, never with an exception.</summary>
[Trait("Category", FaultAmounts.Category)]
public sealed class DamagedResultsTests
{
    // Of 200 files of all three projects.
    private const int Usual = 100;

    private static readonly string[] files = ["environment.json", "verification.json", .. ResultFiles, ".results.commit", ".results.lock"];

    /// <summary>Exit codes without damage: there is no peer in these results, for instance.</summary>
    private static readonly Lazy<Dictionary<string, int>> usualEnds = new(() =>
    {
        using var results = Whole();
        return Commands(results).ToDictionary(command => command[0], command => ToolRun.Of(command).ExitCode);
    });

    private static IEnumerable<string> ResultFiles => [BenchmarkRow.FileName, SampleRow.FileName, AccuracyRow.FileName, RunRow.FileName, RemarkRow.FileName, ClassRow.FileName, MlNetRow.FileName, PerClassRow.FileName];

    [Fact]
    public void EveryDamage_IsToldOrHarmless()
    {
        // A merge refuses what has errors, so this is the proof that every damage is the test's own.
        Assert.Equal(0, usualEnds.Value["merge"]);
        var tally = new FaultTally("results: damaged files");
        foreach (var seed in FaultAmounts.Seeds(Usual))
            Damage(seed, tally);
        tally.Conclude();
    }

    private static void Damage(int seed, FaultTally tally)
    {
        var random = new Random(seed);
        using var results = Whole();
        var file = files[random.Next(files.Length)];
        var path = Path.Combine(results.Folder, file);
        StructureDamage.Damage(path, "samples.csv\tsamples.csv.a.tmp\n"u8.ToArray(), random);
        // A file is a case, whatever the number of commands: the gravest end counts.
        var (refused, run) = (false, (ToolRun?)null);
        foreach (var command in Commands(results))
        {
            if (Record.Exception(() => run = ToolRun.Ended(command)) is { } escaped)
            {
                tally.Crashed(seed, $"{file}: {string.Join(' ', command)}\n{escaped}");
                return;
            }
            if (run is null)
            {
                tally.Lost(seed, $"{file}: {string.Join(' ', command)} waits for ever");
                return;
            }
            if (run.ExitCode is < 0 or > 2 || (run.Output + run.Errors).AsSpan().ContainsAny('\u001b', '\u202e') || (run.ExitCode == 2 && run.Errors.Length == 0))
            {
                tally.Lost(seed, $"{file}: {string.Join(' ', command)} ended with {run.ExitCode}\n{run.Output}{run.Errors}");
                return;
            }
            refused |= run.ExitCode != usualEnds.Value[command[0]];
        }
        if (refused)
            tally.Refused();
        else
            tally.Accepted();
    }

    private static string[][] Commands(MadeUpResults results) =>
    [
        ["check", results.Root], ["list", results.Root, "--runs"], ["report", results.Root, "--out", "-", "--format", "md"],
        ["compare", results.Root, results.Root], ["peers", results.Root], ["rank", results.Root], ["advise", results.Root],
        ["merge", results.Root, "--into", results.Another("merged")], ["remark", MadeUpResults.LaterRunId, "--results", results.Root, "--times-disturbed", "x"],
    ];

    /// <summary>With a file of every kind.</summary>
    private static MadeUpResults Whole()
    {
        var results = new MadeUpResults().Filled();
        File.WriteAllText(Path.Combine(results.Folder, RemarkRow.FileName),
            $"{string.Join(',', RemarkRow.Layout[0].Split(' '))}\n{IResultRow.CurrentSchemaVersion},{MadeUpResults.RunId},{MadeUpResults.Id},2026-01-02T03:04:05Z,times_disturbed,a reason\n");
        File.WriteAllText(Path.Combine(results.Folder, ClassRow.FileName),
            $"{string.Join(',', ClassRow.Layout[0].Split(' '))}\n{IResultRow.CurrentSchemaVersion},{MadeUpResults.RunId},{MadeUpResults.Id},ants-and-bees,all,0,ants\n");
        var store = new ResultStore(results.Folder);
        store.Append([MlNetRowsTests.Row(1), MlNetRowsTests.Row(2)]);
        store.Append<PerClassRow>([.. Enumerable.Range(0, 10).Select(label => CheckedHeadsTests.Class(label, 5, 3) with { Policy = "frozen", Head = HeadKind.Sgd, Shots = null, Epoch = 3 })]);
        store.WriteVerification(new()
        {
            SchemaVersion = DeviceVerification.CurrentSchemaVersion,
            EnvironmentId = MadeUpResults.Id,
            Device = "cpu",
            Commit = MadeUpResults.Commit,
            Dirty = false,
            UtcTime = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            DurationS = 3,
            Checks = [VerifiedCheck.Of("facts", CheckFinding.Of(new VerifiedFigure("cores", 2) { AtLeast = 1 }), TimeSpan.FromSeconds(1))],
        });
        return results;
    }
}
