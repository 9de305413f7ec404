using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Tool.Cells;

namespace FreezeBench.Tool.Engines;

internal static class SlurmScript
{
    /// <summary>Seconds between the request to end and the end, as in <c>--signal</c>.</summary>
    private const int Notice = 30;

    // A cell that is always cut off, as by a time limit that is too short, must not go round for ever.
    private const int MostRestarts = 20;

    internal static string Of(JobScript job) => string.Join('\n', Lines(job)) + "\n";

    private static IEnumerable<string> Lines(JobScript job)
    {
        yield return "#!/bin/bash";
        foreach (var option in Options(job))
            yield return $"#SBATCH {Sound(option)}";
        yield return "# Written by freezebench matrix submit. An exit code of 75 means: ended by a signal, run it again.";
        if (job.Tasks is not null)
            yield return $"{JobScript.TaskVariable}=$SLURM_ARRAY_TASK_ID";
        yield return "echo \"== ${SLURMD_NODENAME:-unknown}, job $SLURM_JOB_ID, restart ${SLURM_RESTART_COUNT:-0}, $(date -u +%FT%TZ)\"";
        foreach (var line in job.Setup)
            yield return line;
        yield return "stopped=";
        // The command in the background: a shell that waits for it in the foreground hears of no signal until it has ended.
        yield return "trap 'stopped=1; kill -TERM \"$child\" 2>/dev/null' TERM";
        yield return $"{job.Command} &";
        yield return "child=$!";
        yield return "wait \"$child\"; code=$?";
        yield return "# A signal ends the wait and not the command.";
        yield return "if [[ -n $stopped ]]; then wait \"$child\"; again=$?; [[ $again == 127 ]] || code=$again; fi";
        yield return string.Create(CultureInfo.InvariantCulture, $"if [[ $code == {MatrixRun.RunAgain} && ${{SLURM_RESTART_COUNT:-0}} -ge {MostRestarts} ]]; then echo 'Ended {MostRestarts} times before its time; it is not run again. Is time_limit long enough?'; code=1; fi");
        yield return "exit $code";
    }

    private static IEnumerable<string> Options(JobScript job)
    {
        yield return $"--job-name={job.Name}";
        if (job.Tasks is { } tasks)
            yield return string.Create(CultureInfo.InvariantCulture, $"--array=1-{tasks}");
        yield return $"--output={Escaped(Path.ChangeExtension(job.Path, null))}-{(job.Tasks is null ? "%j" : "%A_%a")}.log";
        yield return "--open-mode=append";
        yield return "--nodes=1";
        yield return "--ntasks=1";
        yield return "--requeue";
        yield return string.Create(CultureInfo.InvariantCulture, $"--signal=B:TERM@{Notice}");
        if (job.Node.Partition is { } partition)
            yield return $"--partition={Quoted(partition)}";
        if (job.After.Count > 0)
            yield return $"--dependency=afterany:{string.Join(':', job.After)}";
        if (job.NeedsDevice)
        {
            if (job.Node.Gres is { } gres)
                yield return $"--gres={Quoted(gres)}";
            if (job.Node.Constraint is { } constraint)
                yield return $"--constraint={Quoted(constraint)}";
            if (job.Node.Exclusive)
                yield return "--exclusive";
            if (job.Node.TimeLimit is { } limit)
                yield return $"--time={Quoted(limit)}";
            if (job.Node.Cpus is { } cpus)
                yield return string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={cpus}");
        }
        foreach (var option in job.Node.Sbatch)
            yield return Quoted(option);
    }

    /// <summary>A word of a shell's command line, whatever is in it.</summary>
    internal static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '=' or ':' or ',' or '+' or '@' or '%')
        ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // Slurm reads the script by lines.
    private static string Sound(string option) => !option.Any(char.IsControl) ? option
        : throw new UserErrorException($"Slurm cannot be told {ForeignText.Shown(option, ForeignText.LongestLine)}: it has a control character. Where that is a folder's name, name another: --out DIR.");

    // In a file name pattern % begins a field. An #SBATCH line is split at blanks, but for those in quotes.
    private static string Escaped(string path) => !path.Contains('\\', StringComparison.Ordinal) ? Quoted(path.Replace("%", "%%", StringComparison.Ordinal))
        // It would end the meaning of %A and %a: all tasks would write to one log of that name.
        : throw new UserErrorException($"Slurm cannot write logs to '{ForeignText.Shown(path)}': it takes a backslash in a file's name as a sign of its own. Name another folder: --out DIR.");
}
