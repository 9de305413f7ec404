using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Engines;
using FreezeBench.Tool.Tests.Cells;
using Xunit;

namespace FreezeBench.Tool.Tests.Engines;

public sealed class MatrixStatusTests
{
    private static readonly string[] noLines = [];

    [Fact]
    public void Cells_AreWhatTheirFoldersAndTheEngineSay()
    {
        using var matrix = new MatrixFolder();
        var cells = matrix.Cells;
        matrix.Attempted(cells[0], "20260101T000000Z-00000001", host: "a1");
        matrix.Attempted(cells[1], "20260101T000000Z-00000001", rows: null, AttemptOutcome.Running, host: "a2");
        matrix.Attempted(cells[2], "20260101T000000Z-00000001", rows: null, AttemptOutcome.Interrupted, host: "b1");
        var submission = new Submission([new SubmittedArray("any", "7", [.. cells.Select(cell => cell.Id)])], "8");

        TaskState[] asked = [new("7", 1, "COMPLETED", TaskKind.Over, "a1", ""), new("7", 2, "RUNNING", TaskKind.Running, "a2", ""), new("7", 3, "PENDING", TaskKind.Waiting, "", "BeginTime"), new("7", 4, "PENDING", TaskKind.Waiting, "", "Resources"), new("8", null, "PENDING", TaskKind.Waiting, "", "Dependency")];
        var states = MatrixStatus.Of(cells, matrix.Job, [submission], asked);
        Assert.Equal([CellStanding.Done, CellStanding.Running, CellStanding.Pending, CellStanding.Pending], states.Select(state => state.Standing));
        Assert.Equal("on a1 in 1:00", states[0].Details);
        Assert.StartsWith("on a2, job 7_2, for ", states[1].Details, StringComparison.Ordinal);
        Assert.Equal("job 7_3, BeginTime; interrupted after 1:00 on b1", states[2].Details);
        Assert.Equal("job 7_4, Resources", states[3].Details);

        // The engine has forgotten its jobs: whoever seemed to run was cut off.
        states = MatrixStatus.Of(cells, matrix.Job, [submission], []);
        Assert.Equal([CellStanding.Done, CellStanding.Interrupted, CellStanding.Interrupted, CellStanding.NotBegun], states.Select(state => state.Standing));
        Assert.Equal("cut off on a2", states[1].Details);

        // Nobody can be asked: another machine's process is taken at its word.
        states = MatrixStatus.Of(cells, matrix.Job, [submission], null);
        Assert.Equal([CellStanding.Done, CellStanding.Running, CellStanding.Interrupted, CellStanding.NotBegun], states.Select(state => state.Standing));
    }

    [Theory]
    [InlineData("status", "{\"arrays\":[null],\"merge\":null}", "$.arrays[0] is null")]
    [InlineData("cancel", "{\"arrays\":[null],\"merge\":null}", "$.arrays[0] is null")]
    [InlineData("status", "{\"arrays\":[{\"kind\":\"any\",\"job\":\"7\",\"cells\":[null]}],\"merge\":\"8\"}", "$.arrays[0].cells[0] is null")]
    public void SubmissionWithoutAnItem_IsRefused(string verb, string record, string said)
    {
        using var matrix = new MatrixFolder();
        var jobs = Path.Combine(matrix.Job.Jobs, "20260101T000000Z-00000001");
        Directory.CreateDirectory(jobs);
        File.WriteAllText(Path.Combine(jobs, "jobs.json"), record);
        var run = matrix.Matrix(verb);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void AttemptOfAProcessThatIsGone_WasCutOff()
    {
        using var matrix = new MatrixFolder();
        using var ended = System.Diagnostics.Process.Start("dotnet", "--version");
        ended.WaitForExit();
        var folder = matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001", rows: null, AttemptOutcome.Running, host: JobFolder.Host);
        (Attempt.Read(folder)! with { ProcessId = ended.Id }).Write(folder);
        Assert.Equal((CellStanding.Interrupted, $"cut off on {JobFolder.Host}"), MatrixStatus.Of(matrix.Cells, matrix.Job, [], null).Select(state => (state.Standing, state.Details)).First());
        (Attempt.Read(folder)! with { ProcessId = Environment.ProcessId, Begun = DateTimeOffset.UtcNow }).Write(folder);
        Assert.Equal(CellStanding.Running, MatrixStatus.Of(matrix.Cells, matrix.Job, [], null)[0].Standing);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("twice")]
    [InlineData("no end")]
    [InlineData(null)]
    [InlineData("folder")]
    public void RecordThatCannotBeRead_IsSaid_AndNotTakenForAnAttemptThatWasNotBegun(string? text)
    {
        using var matrix = new MatrixFolder();
        var record = Path.Combine(matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001"), "attempt.json");
        var before = File.ReadAllText(record);
        File.Delete(record);
        if (text == "folder")
            Directory.CreateDirectory(record);
        else if (text is not null)
            File.WriteAllText(record, text switch
            {
                "twice" => before.Replace("\"host\"", "\"host\": \"a\", \"host\"", StringComparison.Ordinal),
                "no end" => System.Text.RegularExpressions.Regex.Replace(before, "\"ended\": [^,]*", "\"ended\": null"),
                _ => text,
            });

        var state = MatrixStatus.Of(matrix.Cells, matrix.Job, [], null)[0];
        Assert.Equal(CellStanding.Failed, state.Standing);
        Assert.StartsWith("record unreadable: attempt.json: ", state.Details, StringComparison.Ordinal);

        // The cell is measured again, and what counts then is the attempt that can be read.
        matrix.Attempted(matrix.Cells[0], "20260101T000001Z-00000001", host: "a1");
        state = MatrixStatus.Of(matrix.Cells, matrix.Job, [], null)[0];
        Assert.Equal((CellStanding.Done, "on a1 in 1:00"), (state.Standing, state.Details));
        Assert.StartsWith("20260101T000000Z-00000001 does not count: record unreadable: ", Assert.Single(state.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void WordsOfARecord_DoNotSteerTheTerminal()
    {
        using var matrix = new MatrixFolder();
        matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001", host: "a\u001b[31m");
        var failed = matrix.Attempted(matrix.Cells[1], "20260101T000000Z-00000001", rows: null, AttemptOutcome.Failed);
        (Attempt.Read(failed)! with { Reason = "b\u001b[32m\u009b" }).Write(failed);
        foreach (var output in new[] { matrix.Matrix("status").Output, matrix.Plan().Output })
        {
            Assert.Contains("a\\u001b[31m", output, StringComparison.Ordinal);
            Assert.DoesNotContain(output, c => c != '\n' && char.IsControl(c));
        }
        Assert.Contains("b\\u001b[32m\\u009b", matrix.Matrix("status").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AttemptWithoutItsRows_IsNotDone()
    {
        using var matrix = new MatrixFolder();
        matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001", rows: null);
        var status = matrix.Matrix("status");
        Assert.Equal(1, status.ExitCode);
        Assert.Contains("  failed       it wrote no rows: ", status.Output, StringComparison.Ordinal);
        Assert.EndsWith($"4 cells: 1 failed, 3 not begun. Folder: {matrix.Job.Root}\n", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AttemptThatHasNoRecordYet_IsNotBegun()
    {
        using var matrix = new MatrixFolder();
        Directory.CreateDirectory(Path.Combine(matrix.Job.Of(matrix.Cells[0]), "20260101T000000Z-00000001.part"));
        Assert.Equal((CellStanding.NotBegun, ""), MatrixStatus.Of(matrix.Cells, matrix.Job, [], null).Select(state => (state.Standing, state.Details)).First());
    }

    [Fact]
    public void Failure_ShowsTheEndOfItsLog()
    {
        using var matrix = new MatrixFolder();
        var folder = matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001", rows: null, AttemptOutcome.Failed);
        Assert.Equal(noLines, MatrixStatus.Of(matrix.Cells, matrix.Job, [], null)[0].Lines);
        File.WriteAllLines(Path.Combine(folder, "log.txt"), Enumerable.Range(1, 9).Select(number => $"line {number}\u001b[31m"));
        var state = MatrixStatus.Of(matrix.Cells, matrix.Job, [], null)[0];
        Assert.Equal(CellStanding.Failed, state.Standing);
        Assert.Equal(["line 5\\u001b[31m", "line 6\\u001b[31m", "line 7\\u001b[31m", "line 8\\u001b[31m", "line 9\\u001b[31m"], state.Lines);
    }
}
