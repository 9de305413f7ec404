using FreezeBench.Faults;
using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Engines;
using FreezeBench.Tool.Tests.Cells;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Faults;

/// <summary>Files of a matrix with random damage: every command ends with a message or without a finding, never with an exception, and each ends.</summary>
[Trait("Category", FaultAmounts.Category)]
public sealed class DamagedMatrixTests : IDisposable
{
    private const int Usual = 20;

    private static readonly string[] verbs = ["plan", "status", "merge"];

    // Takes every cell but one whose words are not plain. The real program takes a second to say so, and is asked in MatrixDocumentTests.
    private readonly MatrixFolder bundle = new();
    private readonly string[] asked = [];
    private readonly Dictionary<string, int> usualEnds;

    public DamagedMatrixTests()
    {
        if (!OperatingSystem.IsWindows())
        {
            asked = ["--programs", bundle.Program("").Programs];
            Script.Write(Path.Combine(bundle.Programs, "bench"), """
                #!/bin/bash
                while read -r line; do case $line in *'\u'*) echo "\"refused: ${line//\"/}\"" ;; *) echo null ;; esac; done
                """);
        }
        // Without damage: a Slurm that is installed and not set up refuses to be asked, for instance.
        using var matrix = new MatrixFolder();
        Fill(matrix);
        usualEnds = verbs.ToDictionary(verb => verb, verb => ToolRun.Of(Words(verb, matrix)).ExitCode);
    }

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void EveryDamage_IsToldOrHarmless()
    {
        var tally = new FaultTally("matrix: damaged files");
        foreach (var seed in FaultAmounts.Seeds(Usual))
            Damage(seed, tally);
        tally.Conclude();
    }

    private void Damage(int seed, FaultTally tally)
    {
        var random = new Random(seed);
        using var matrix = new MatrixFolder();
        var files = Fill(matrix);
        var file = files[random.Next(files.Length)];
        StructureDamage.Damage(file, "a line\n"u8.ToArray(), random);
        var refused = false;
        foreach (var verb in verbs)
        {
            ToolRun? run = null;
            if (Record.Exception(() => run = ToolRun.Ended(Words(verb, matrix))) is { } escaped)
            {
                tally.Crashed(seed, $"{file}: matrix {verb}\n{escaped}");
                return;
            }
            if (run is null || run.ExitCode is < 0 or > 2 || (run.Output + run.Errors).AsSpan().ContainsAny('\u001b', '\u202e') || (run.ExitCode == 2 && run.Errors.Length == 0))
            {
                tally.Lost(seed, $"{file}: matrix {verb} ended with {run?.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing: it waits for ever"}\n{run?.Output}{run?.Errors}");
                return;
            }
            refused |= run.ExitCode != usualEnds[verb];
        }
        if (refused)
            tally.Refused();
        else
            tally.Accepted();
    }

    private string[] Words(string verb, MatrixFolder matrix) => ["matrix", verb, matrix.Path, .. verb == "plan" ? asked : []];

    /// <summary>A file of every kind; their paths.</summary>
    private static string[] Fill(MatrixFolder matrix)
    {
        var attempt = matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001");
        matrix.Attempted(matrix.Cells[1], "20260101T000000Z-00000001", rows: null, outcome: AttemptOutcome.Failed);
        new MadeUpResults().Filled(matrix.Job.Results, MatrixFolder.RunOf(1)).Dispose();
        new MergedSelection(new Dictionary<string, string> { [matrix.Cells[0].Id] = "20260101T000000Z-00000001" }).Write(matrix.Job.Results);
        var jobs = Path.Combine(matrix.Job.Jobs, "20260101T000000Z-00000001");
        Directory.CreateDirectory(jobs);
        new Submission([new SubmittedArray("any", "7", [.. matrix.Cells.Select(cell => cell.Id)])], "8").Write(jobs);

        return [matrix.Path, Path.Combine(attempt, Attempt.FileName), Path.Combine(attempt, Attempt.LogName), Path.Combine(jobs, "jobs.json"), Path.Combine(matrix.Job.Results, ".cells.json")];
    }
}
