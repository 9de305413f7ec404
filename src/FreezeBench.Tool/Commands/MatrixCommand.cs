using System.CommandLine;
using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Sets;
using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Engines;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command matrix: many settings on many machines, from one file.</summary>
internal sealed class MatrixCommand
{
    private readonly Argument<string> file = new("FILE") { Description = "The matrix: JSON, or YAML where it ends in .yaml or .yml. The tool's README describes it." };
    private readonly Option<string?> output = new("--out") { Description = "Folder of cells and results, for a cluster on a file system that all nodes share. Default: beside the file and called like it.", HelpName = "folder" };
    private readonly Option<string?> programs = new("--programs") { Description = "Folder of a bundle, or of a checkout that was built. Default: the one that this tool is in.", HelpName = "folder" };
    private readonly Option<string[]> only = new("--cell") { Description = "Only the cell of this id, as plan prints it; repeat it for several. Default: all.", HelpName = "id" };
    private readonly Option<string[]> kinds = new("--node") { Description = "Only the cells of this kind of node; repeat it for several. Default: all, whatever machine this is.", HelpName = "kind" };
    private readonly Option<bool> refused = new("--refused") { Description = "Also the cells that their program refused the last time, such as for a precision that the device has not, a full memory or missing data. Default: these are named and left out." };
    private readonly Option<string[]> rows = new("--rows") { Description = "Results folder to expect times from; repeat it for several. Default: the matrix's own, and results in the current folder, where they are there.", HelpName = "folder" };

    private readonly IAnsiConsole console;
    private readonly TextWriter standardError;
    private readonly IBatchEngine engine;

    private MatrixCommand(IAnsiConsole console, TextWriter standardError, IBatchEngine engine) => (this.console, this.standardError, this.engine) = (console, standardError, engine);

    internal static Command Create(IAnsiConsole console, TextWriter standardError, IBatchEngine? engine = null) => new MatrixCommand(console, standardError, engine ?? new SlurmEngine()).Command();

    private Command Command()
    {
        var command = new Command("matrix", "Runs the cells of a matrix (workloads, policies, networks, precisions, repeats on kinds of node), on this machine or on a cluster under Slurm, and brings their rows together.")
        {
            Verb("plan", "Prints the cells with the times that are expected of them, and refuses those that their programs would refuse. Measures nothing.", Plan, rows, programs),
            Verb("run", "Runs the cells that are not done, one after the other on this machine. Exit code 0: all are done, 1: one failed, 75: ended by SIGTERM, 130: by Ctrl-C. The same command goes on.", Run, programs, only, kinds, refused),
            Verb("submit", "Submits the cells that are not done to Slurm: an array job for each kind of node, and a job behind them that merges.", Submit, programs, refused),
            Verb("status", "Says of each cell whether it is done, runs, waits or failed, with the last lines of its log. Exit code 1: one failed.", Status),
            Verb("merge", "Brings the rows of the cells that are done together, in results/ of the folder, with report.html. Exit code 1: cells are missing, or attempts do not count; they are named.", Merge),
            Verb("cancel", "Ends the jobs that submit submitted, waiting or running. What is done stays.", Cancel),
        };
        return command;
    }

    private Command Verb(string name, string description, Func<ParseResult, int> action, params Option[] options)
    {
        var command = new Command(name, description) { file, output };
        foreach (var option in options)
            command.Add(option);
        command.SetAction(action);
        return command;
    }

    private (MatrixDocument Document, IReadOnlyList<Cell> Cells, JobFolder Folder) Read(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(file);
        var document = MatrixDocument.Read(path);
        return (document, CellPlan.Of(document), JobFolder.Of(path, parsed.GetValue(output)));
    }

    private int Plan(ParseResult parsed)
    {
        var (document, cells, folder) = Read(parsed);
        var found = ForPlan(parsed.GetValue(programs), cells);
        if (found is not null)
            CellCheck.Refuse(cells, document.File, found);
        List<string> notes = [];
        IReadOnlyList<ResultSet> read = parsed.GetValue(rows) is { Length: > 0 } named ? [.. named.Select(CheckedResults.Load)]
            : [.. new[] { folder.Results, Path.GetFullPath("results") }.Where(Directory.Exists).Distinct().Select(path => Usable(path, notes)).OfType<ResultSet>()];
        var estimates = new CellEstimates(cells, folder, read);
        Write(PlanText.Lines(cells, estimates, CellDoubts.Of(cells, folder, read, estimates, found), folder));
        Write(notes);
        if (found is null)
            Write(["Whether the programs take the cells' options was not checked: they are not beside this tool (--programs DIR)."]);
        return 0;
    }

    // Rows that nobody asked for by name: without them times are unknown, and a plan is a plan.
    private static ResultSet? Usable(string path, List<string> notes)
    {
        try
        {
            if (Directory.EnumerateFileSystemEntries(path).Any())
                return CheckedResults.Load(path);
        }
        catch (Exception error) when (error is UserErrorException or IOException or UnauthorizedAccessException)
        {
            notes.Add($"No times from {path}: {error.Message.ReplaceLineEndings(" ")}");
        }
        return null;
    }

    // A plan may be made where no program is.
    private static ProgramFolder? ForPlan(string? asked, IReadOnlyList<Cell> cells)
    {
        try
        {
            return ProgramFolder.Find(asked, [.. cells.Select(cell => cell.Program).Distinct()]);
        }
        catch (UserErrorException) when (asked is null)
        {
            return null;
        }
    }

    private int Run(ParseResult parsed)
    {
        var (document, all, folder) = Read(parsed);
        var cells = Chosen(OfKinds(all, parsed.GetValue(kinds) ?? [], document), parsed.GetValue(only) ?? [], document);
        var found = ProgramFolder.Find(parsed.GetValue(programs), [.. cells.Select(cell => cell.Program).Distinct()]);
        CellCheck.Refuse(cells, document.File, found);
        using var stop = new StopSignals(MatrixRun.RunAgain, insisting: null, hungUp: MatrixRun.RunAgain);
        var done = CellProgress.Follow(CellProgress.Console(standardError), cells.Count, reporter => MatrixRun.Run(cells, folder, found, reporter, parsed.GetValue(refused), stop.Token));
        if (stop.ExitCode != 0 && !done)
        {
            standardError.WriteLine($"Interrupted. The same command goes on: freezebench matrix run {ForeignText.Shown(document.File, ForeignText.LongestLine)}");
            return stop.ExitCode;
        }
        var looks = cells.Select(folder.Look).ToList();
        Write([string.Create(CultureInfo.InvariantCulture, $"{looks.Count(look => look.Finished is not null):N0} of {CellText.Count(cells.Count, "cell")} done, in {folder.Root}.{(done ? "" : " The others failed, or somebody else is at them: freezebench matrix status.")}{(looks.Count(look => look.Refusal is not null) is > 0 and var count ? $" {CellText.Count(count, "cell")} refused: {TryAgain}." : "")}")]);
        return done ? 0 : ExitCode.Found;
    }

    private int Submit(ParseResult parsed)
    {
        var (document, cells, folder) = Read(parsed);
        var found = ProgramFolder.Find(parsed.GetValue(programs), [.. cells.Select(cell => cell.Program).Distinct()]);
        CellCheck.Refuse(cells, document.File, found);
        var (submitted, left) = new MatrixSubmit(document, folder, found, engine).Run(cells, parsed.GetValue(refused));
        string[] notes = left.Count == 0 ? [] : [$"{CellText.Count(left.Count, "cell")} refused the last time and not submitted again ({TryAgain}):", .. left.Select(pair => $"  {pair.Cell.Id}  {CellText.OnItsHost(pair.Attempt)}")];
        if (submitted is not { } submission)
        {
            Write([$"Nothing to submit: every {(left.Count == 0 ? "" : "other ")}cell is done, or in a job that waits or runs.", .. notes]);
            return 0;
        }
        Write([
            .. notes,
            .. submission.Arrays.Select(array => $"{engine.Name} job {array.Job}: {CellText.Count(array.Cells.Count, "cell")} on {array.Kind}"),
            $"{engine.Name} job {submission.Merge}: merges into {folder.Results} when these have ended",
            $"Scripts and logs: {folder.Jobs}",
        ]);
        return 0;
    }

    private int Status(ParseResult parsed)
    {
        var (_, cells, folder) = Read(parsed);
        var submissions = Submission.All(folder);
        var states = submissions.Count == 0 ? null : StatesOf(submissions);
        var all = MatrixStatus.Of(cells, folder, submissions, states);
        Write(StatusText.Lines(all, folder));
        return all.Any(cell => cell.Standing == CellStanding.Failed) ? ExitCode.Found : 0;
    }

    // What is done stands in the folder, whether the engine answers or not.
    private IReadOnlyList<TaskState>? StatesOf(IReadOnlyList<Submission> submissions)
    {
        var why = "it is not here";
        try
        {
            if (engine.Status([.. submissions.SelectMany(submission => submission.Jobs)]) is { } states)
                return states;
        }
        catch (UserErrorException error)
        {
            why = ForeignText.Shown(error.Message.ReplaceLineEndings(" "), ForeignText.LongestLine);
        }
        standardError.WriteLine($"{engine.Name} cannot be asked on this machine; what waits there is not known. ({why})");
        return null;
    }

    private int Merge(ParseResult parsed)
    {
        var (_, cells, folder) = Read(parsed);
        var merge = MatrixMerge.Run(cells, folder);
        Write([
            merge.HasNews ? $"Merged {CellText.Count(merge.Merged.Count, "cell")} into {folder.Results}, with report.html." : $"Nothing new: {folder.Results} has the rows of {CellText.Count(merge.Merged.Count, "cell")}.",
            .. merge.LeftOut.Select(pair => CellText.Of(pair.Cell, pair.Attempt)),
            .. merge.Missing.Count == 0 ? [] : (string[])[$"{CellText.Count(merge.Missing.Count, "cell")} missing:", .. merge.Missing.Select(cell => $"  {cell.Id}{(folder.Look(cell).Readable is [.., { Attempt: { Outcome: AttemptOutcome.Failed } last }] ? $"  {CellText.OnItsHost(last)}" : "")}")],
        ]);
        return merge.Missing.Count == 0 && merge.LeftOut.Count == 0 ? 0 : ExitCode.Found;
    }

    private int Cancel(ParseResult parsed)
    {
        var (_, _, folder) = Read(parsed);
        var jobs = Submission.All(folder).SelectMany(submission => submission.Jobs).ToList();
        if (jobs.Count == 0)
            throw new UserErrorException($"No jobs of {folder.Root} were submitted.");
        engine.Cancel(jobs);
        Write([$"Cancelled what was left of {engine.Name} job{(jobs.Count == 1 ? "" : "s")} {string.Join(", ", jobs)}."]);
        return 0;
    }

    private const string TryAgain = "where the cause is gone, --refused tries them again";

    private static IReadOnlyList<Cell> OfKinds(IReadOnlyList<Cell> cells, string[] names, MatrixDocument document)
    {
        if (names.Except(document.Nodes.Select(kind => kind.Name)).ToList() is { Count: > 0 } unknown)
            throw new UserErrorException($"{document.File} has no kind of node {string.Join(", ", unknown.Select(name => $"'{name}'"))}. It has {string.Join(", ", document.Nodes.Select(kind => kind.Name))}.");
        return names.Length == 0 ? cells : [.. cells.Where(cell => names.Contains(cell.Node.Name))];
    }

    private static IReadOnlyList<Cell> Chosen(IReadOnlyList<Cell> cells, string[] ids, MatrixDocument document)
    {
        if (ids.Where(id => cells.All(cell => cell.Id != id)).ToList() is { Count: > 0 } unknown)
            throw new UserErrorException($"{document.File} has no cell {string.Join(", ", unknown.Select(id => $"'{id}'"))}{(unknown.Count == 1 ? Nearest.Hint(unknown[0], cells.Select(cell => cell.Id)) is { Length: > 0 } hint ? $".{hint}" : "." : ".")} Was it changed since? Its cells: freezebench matrix plan {document.File}.");
        return ids.Length == 0 ? cells : [.. cells.Where(cell => ids.Contains(cell.Id))];
    }

    // Not by the console, which would break ids at the terminal's width and read brackets as markup. Records, rows and schedulers have words of others in them.
    private void Write(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            console.Profile.Out.Writer.WriteLine(ForeignText.Shown(line, ForeignText.LongestLine));
    }
}
