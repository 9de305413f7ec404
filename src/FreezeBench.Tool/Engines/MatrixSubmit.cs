using System.Globalization;
using System.Text;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Cells;

namespace FreezeBench.Tool.Engines;

/// <summary>Submits what is not done yet: an array job for each kind of node, and a job behind them that merges.</summary>
/// <param name="document">The matrix.</param>
/// <param name="folder">On a file system that all nodes share.</param>
/// <param name="programs">On such a one, too.</param>
/// <param name="engine">That runs the jobs.</param>
internal sealed class MatrixSubmit(MatrixDocument document, JobFolder folder, ProgramFolder programs, IBatchEngine engine)
{
    /// <param name="cells">Of the matrix.</param>
    /// <param name="refused">Whether those are submitted too that were refused the last time.</param>
    /// <returns>The jobs, null: none was needed; and the cells that were left out because they were refused, each with the attempt.</returns>
    /// <exception cref="UserErrorException">The engine refuses a job; then none of this time is left.</exception>
    internal (Submission? Submission, IReadOnlyList<(Cell Cell, Attempt Attempt)> Refused) Run(IReadOnlyList<Cell> cells, bool refused = false)
    {
        using var alone = Alone();
        var open = Open();
        var looks = cells.Where(cell => !open.Contains(cell.Id)).Select(cell => (Cell: cell, Look: folder.Look(cell))).Where(pair => pair.Look.Finished is null).ToList();
        var wanted = looks.Where(pair => refused || pair.Look.Refusal is null).Select(pair => pair.Cell).ToList();
        return (wanted.Count == 0 ? null : Submit(wanted), refused ? [] : [.. looks.Where(pair => pair.Look.Refusal is not null).Select(pair => (pair.Cell, pair.Look.Refusal!))]);
    }

    // Two submits at once would each give the engine what the other has not recorded yet. Where the file system has no locks they are not kept apart.
    private FileStream Alone()
    {
        Directory.CreateDirectory(folder.Jobs);
        var path = Path.Combine(folder.Jobs, "submit.lock");
        try
        {
            return LockFile.Open(path, LockFile.Afterlife);
        }
        catch (IOException error)
        {
            throw new UserErrorException($"{path} cannot be locked: {error.Message} Where another submit of this matrix is under way, wait for its end; then the same command submits what it left.", error);
        }
    }

    private Submission Submit(List<Cell> wanted)
    {
        var jobs = Path.Combine(folder.Jobs, RunId.New(DateTimeOffset.UtcNow));
        Directory.CreateDirectory(jobs);
        var submission = new Submission([], null);
        try
        {
            foreach (var kind in wanted.GroupBy(cell => cell.Node))
                foreach (var (part, chunk) in kind.Chunk(engine.MostTasks).Index())
                {
                    submission = submission with { Arrays = [.. submission.Arrays, Array(jobs, kind.Key, part, chunk)] };
                    submission.Write(jobs);
                }
            submission = submission with { Merge = engine.Submit(MergeJob(jobs, [.. submission.Arrays.Select(array => array.Job)], wanted[0].Node)) };
            submission.Write(jobs);
            return submission;
        }
        catch
        {
            // Half of a matrix that nobody merges is worse than none.
            if (submission.Arrays.Count > 0)
                engine.Cancel([.. submission.Arrays.Select(array => array.Job)]);
            throw;
        }
    }

    // Cells of earlier jobs that will still run: submitted again they would run twice.
    private HashSet<string> Open()
    {
        var before = Submission.All(folder);
        if (before.Count == 0)
            return [];
        var states = engine.Status([.. before.SelectMany(submission => submission.Jobs)])
            ?? throw new UserErrorException($"{engine.Name} cannot be asked on this machine which cells are in its queue already; submitted again they would run twice. Submit where it can, a cluster's login node.");
        return [.. states.Where(state => state.Kind != TaskKind.Over).SelectMany(state => before.Select(submission => submission.CellOf(state))).OfType<string>()];
    }

    private SubmittedArray Array(string jobs, NodeKind kind, int part, Cell[] cells)
    {
        var name = part == 0 ? kind.Name : string.Create(CultureInfo.InvariantCulture, $"{kind.Name}-{part + 1}");
        var list = Path.Combine(jobs, $"{name}.cells");
        AtomicFile.Write(list, Encoding.UTF8.GetBytes(string.Concat(cells.Select(cell => cell.Id + "\n"))));
        var job = engine.Submit(new JobScript
        {
            Path = Path.Combine(jobs, $"{name}.sh"),
            Name = $"{document.Name}-{name}",
            Node = kind,
            Tasks = cells.Length,
            NeedsDevice = true,
            Setup = document.Setup,
            Command = $"{Tool("run")} --refused --programs {SlurmScript.Quoted(programs.Folder)} --cell \"$(sed -n \"${{{JobScript.TaskVariable}}}p\" {SlurmScript.Quoted(list)})\"",
        });
        return new SubmittedArray(kind.Name, job, [.. cells.Select(cell => cell.Id)]);
    }

    private JobScript MergeJob(string jobs, IReadOnlyList<string> after, NodeKind node) => new()
    {
        Path = Path.Combine(jobs, "merge.sh"),
        Name = $"{document.Name}-merge",
        Node = node,
        NeedsDevice = false,
        After = after,
        Setup = document.Setup,
        Command = Tool("merge"),
    };

    private string Tool(string verb) => string.Join(' ', programs.ToolCommand().Concat(["matrix", verb, document.File, "--out", folder.Root]).Select(SlurmScript.Quoted));
}
