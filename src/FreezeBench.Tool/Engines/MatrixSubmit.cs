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
    // Slurm refuses arrays of more, unless its MaxArraySize says otherwise (default 1001, the highest number plus one).
    private const int MostTasks = 1000;

    /// <summary>Submits.</summary>
    /// <param name="cells">Of the matrix.</param>
    /// <returns>The jobs; null: every cell is done, or in a job that waits or runs.</returns>
    /// <exception cref="UserErrorException">The engine refuses a job; then none of this time is left.</exception>
    internal Submission? Run(IReadOnlyList<Cell> cells)
    {
        var open = Open();
        var wanted = cells.Where(cell => !open.Contains(cell.Id) && folder.Finished(cell) is null).ToList();
        if (wanted.Count == 0)
            return null;
        var jobs = Path.Combine(folder.Jobs, RunId.New(DateTimeOffset.UtcNow));
        Directory.CreateDirectory(jobs);
        var submission = new Submission([], null);
        try
        {
            foreach (var kind in wanted.GroupBy(cell => cell.Node))
                foreach (var (part, chunk) in kind.Chunk(MostTasks).Index())
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
        var states = engine.Status([.. before.SelectMany(submission => submission.Jobs)]) ?? [];
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
            Command = $"{Tool("run")} --programs {SlurmScript.Quoted(programs.Folder)} --cell \"$(sed -n \"${{{JobScript.TaskVariable}}}p\" {SlurmScript.Quoted(list)})\"",
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
