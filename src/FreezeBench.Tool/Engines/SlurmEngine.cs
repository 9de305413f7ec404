using System.Globalization;
using System.Text.RegularExpressions;
using FreezeBench.Results;
using FreezeBench.Results.Machine;

namespace FreezeBench.Tool.Engines;

/// <summary>Slurm, by its commands sbatch, scancel and squeue. Its accounting (sacct) is not asked: many clusters have none.</summary>
internal sealed partial class SlurmEngine : IBatchEngine
{
    // By Slurm's own default of MaxArraySize, 1001. A larger one is not used: job scripts' logs are a folder.
    private const int UsualTasks = 1000;

    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    private readonly Lazy<int> mostTasks = new(() => Ask("scontrol", ["show", "config"]) is { ExitCode: 0 } answer ? MostTasksOf(answer.Output) : UsualTasks);

    public string Name => "Slurm";

    public int MostTasks => mostTasks.Value;

    public string Submit(JobScript script)
    {
        AtomicFile.Write(script.Path, new System.Text.UTF8Encoding(false).GetBytes(SlurmScript.Of(script)));
        var answer = Ask("sbatch", ["--parsable", script.Path]);
        if (answer is null)
            throw NotHere("sbatch");
        return answer.ExitCode != 0 ? throw new UserErrorException($"sbatch refused {script.Path} (exit code {answer.ExitCode}): {Words(answer)}")
            : JobOf(answer.Output) ?? throw new UserErrorException($"sbatch took {script.Path} and answered without a job's number: {Words(answer)} Look for the job, and cancel it (squeue --me, scancel).");
    }

    /// <summary>The job's number in what sbatch --parsable printed; null: there is none.</summary>
    // Plug-ins and wrappers of a site print their own lines before it. Behind a semicolon: the cluster's name.
    internal static string? JobOf(string output) => output.Split('\n').Select(line => line.Trim().Split(';')[0]).LastOrDefault(word => JobId().IsMatch(word));

    /// <summary>Tasks of an array by what <c>scontrol show config</c> printed: the highest number is one less than MaxArraySize, and the first is 1.</summary>
    internal static int MostTasksOf(string configuration) => ArraySize().Match(configuration) is { Success: true } found && int.TryParse(found.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? Math.Clamp(size - 1, 1, UsualTasks) : UsualTasks;

    public void Cancel(IReadOnlyList<string> jobs)
    {
        var answer = Ask("scancel", jobs) ?? throw NotHere("scancel");
        // Of jobs that are long over it says that their ids are invalid.
        if (answer.ExitCode != 0 && !answer.Errors.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
            throw new UserErrorException($"scancel failed (exit code {answer.ExitCode}): {Words(answer)}");
    }

    public IReadOnlyList<TaskState>? Status(IReadOnlyList<string> jobs)
    {
        List<TaskState> states = [];
        // One by one: of several jobs an unknown one ends the whole question in some versions.
        foreach (var job in jobs)
        {
            var answer = Ask("squeue", ["--noheader", "--array", "--states=all", $"--jobs={job}", "--format=%F|%K|%T|%N|%r"]);
            if (answer is null)
                return null;
            if (answer.ExitCode == 0)
                states.AddRange(Parse(answer.Output));
            else if (!answer.Errors.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
                throw new UserErrorException($"squeue failed (exit code {answer.ExitCode}): {Words(answer)}");
        }
        return states;
    }

    /// <summary>Reads squeue's lines: job, task, state, nodes and reason between bars.</summary>
    internal static IEnumerable<TaskState> Parse(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Trim().Split('|')).Where(cells => cells.Length >= 5)
        .Select(cells => new TaskState(
            cells[0], int.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var task) ? task : null, cells[2], KindOf(cells[2]), cells[3],
            cells[4] == "None" ? "" : string.Join('|', cells[4..])));

    // squeue(1), JOB STATE CODES. A job that was requeued is pending again; one whose end is under way still holds its node.
    private static TaskKind KindOf(string state) => state switch
    {
        "PENDING" or "REQUEUED" or "REQUEUE_FED" or "REQUEUE_HOLD" or "SPECIAL_EXIT" or "RESV_DEL_HOLD" => TaskKind.Waiting,
        "RUNNING" or "CONFIGURING" or "COMPLETING" or "SUSPENDED" or "STOPPED" or "SIGNALING" or "STAGE_OUT" or "RESIZING" => TaskKind.Running,
        _ => TaskKind.Over,
    };

    private static UserErrorException NotHere(string program) => new($"Slurm's {program} is not on this machine's PATH. Submit where it is, a cluster's login node, or run the cells here: freezebench matrix run.");

    private static string Words(ChildProcess answer) => (answer.Errors.Trim() is { Length: > 0 } errors ? errors : answer.Output.Trim()).ReplaceLineEndings(" ");

    /// <returns>Null: there is no such program.</returns>
    private static ChildProcess? Ask(string program, IEnumerable<string> arguments)
    {
        try
        {
            // Without a user's own settings of how these commands print.
            return ChildProcess.Ask(program, arguments, patience, withoutVariables: ["SQUEUE_FORMAT", "SQUEUE_STATES", "SQUEUE_USERS", "SQUEUE_PARTITION", "SBATCH_ARRAY_INX"]);
        }
        catch (TimeoutException late)
        {
            throw new UserErrorException($"{late.Message} Is the cluster's controller up (scontrol ping)?", late);
        }
    }

    [GeneratedRegex("^[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex JobId();

    [GeneratedRegex("^MaxArraySize *= *([0-9]+)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex ArraySize();
}
