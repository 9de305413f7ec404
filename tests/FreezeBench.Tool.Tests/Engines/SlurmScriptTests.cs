using FreezeBench.Results;
using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Engines;
using Xunit;

namespace FreezeBench.Tool.Tests.Engines;

public sealed class SlurmScriptTests
{
    private static readonly JobScript array = new()
    {
        Path = "/shared/my jobs/50%/h200.sh",
        Name = "gpus-h200",
        Node = new NodeKind { Name = "h200", Device = "cuda", Gres = "gpu:h200:1", Constraint = "a&b", Partition = "gpu", Exclusive = true, TimeLimit = "01:00:00", Cpus = 8, Sbatch = ["--account=lab"] },
        Tasks = 12,
        NeedsDevice = true,
        Setup = ["module load cuda"],
        Command = "freezebench matrix run",
    };

    [Fact]
    public void Options_AreThoseOfTheKind()
    {
        Assert.Equal(
            [
                "--job-name=gpus-h200", "--array=1-12", "--output='/shared/my jobs/50%%/h200'-%A_%a.log", "--open-mode=append", "--nodes=1", "--ntasks=1", "--requeue", "--signal=B:TERM@30", "--partition=gpu",
                "--gres=gpu:h200:1", "--constraint='a&b'", "--exclusive", "--time=01:00:00", "--cpus-per-task=8", "--account=lab",
            ],
            Options(array));
        Assert.Equal(
            ["--job-name=gpus-h200", "--output='/shared/my jobs/50%%/h200'-%j.log", "--open-mode=append", "--nodes=1", "--ntasks=1", "--requeue", "--signal=B:TERM@30", "--partition=gpu", "--dependency=afterany:1:2", "--account=lab"],
            Options(array with { Tasks = null, NeedsDevice = false, After = ["1", "2"] }));
    }

    // Nothing that a person writes may begin a comment, a word or a line of its own.
    [Fact]
    public void EachValue_IsQuoted_OrRefused()
    {
        var node = array.Node with { Gres = "gpu:a#b", Partition = "a;b", TimeLimit = "0$1", Constraint = "[a|b]", Sbatch = ["--comment=a#b"] };
        Assert.Equal(["--partition='a;b'", "--gres='gpu:a#b'", "--constraint='[a|b]'", "--time='0$1'", "'--comment=a#b'"], Options(array with { Node = node }).Where(option => option.Contains('\'', StringComparison.Ordinal)).Skip(1));
        Assert.Contains("--gres=gpu:1\\u000a#SBATCH", Assert.Throws<UserErrorException>(() => SlurmScript.Of(array with { Node = node with { Gres = "gpu:1\n#SBATCH --wrap=x" } })).Message.Replace("'", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("control character", Assert.Throws<UserErrorException>(() => SlurmScript.Of(array with { Path = "/a\nb/c.sh" })).Message, StringComparison.Ordinal);
        Assert.Contains("backslash", Assert.Throws<UserErrorException>(() => SlurmScript.Of(array with { Path = "/a\\b/c.sh" })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain/path-1.json", "plain/path-1.json")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(rm)", "'$(rm)'")]
    [InlineData("", "''")]
    public void Quoted_IsOneWordOfAShell(string word, string quoted) => Assert.Equal(quoted, SlurmScript.Quoted(word));

    [Fact]
    public void Script_HandsASignalOn_AndGivesTheCodeOfTheCommand()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A script of a shell.");
        // Behaves as a run does that is asked to end: it takes its time, and ends with 75.
        const string Command = "bash -c 'trap \"sleep 0.1; exit 75\" TERM; kill -TERM $PPID; while :; do sleep 0.05; done'";
        Assert.Equal((75, ""), Ended(array with { Setup = [], Command = Command }, restarts: 0));
        var (code, said) = Ended(array with { Setup = [], Command = Command }, restarts: 20);
        Assert.Equal((1, true), (code, said.Contains("Ended 20 times before its time", StringComparison.Ordinal)));
        Assert.Equal(3, Ended(array with { Setup = [], Command = "bash -c 'exit 3'" }, restarts: 0).Code);
    }

    [Fact]
    public void Parse_ReadsWhatSqueuePrints()
    {
        var states = SlurmEngine.Parse("12|3|RUNNING|a1|None\n12|4|PENDING||Resources\n13|N/A|PENDING||Dependency\n12|5|COMPLETED|b2|None\n12|6|NODE_FAIL|b1|NodeDown\n\n").ToList();
        Assert.Equal(
            [
                new("12", 3, "RUNNING", TaskKind.Running, "a1", ""), new("12", 4, "PENDING", TaskKind.Waiting, "", "Resources"), new("13", null, "PENDING", TaskKind.Waiting, "", "Dependency"),
                new("12", 5, "COMPLETED", TaskKind.Over, "b2", ""), new TaskState("12", 6, "NODE_FAIL", TaskKind.Over, "b1", "NodeDown"),
            ],
            states);
    }

    [Theory]
    [InlineData("12\n", "12")]
    [InlineData("12;cluster\n", "12")]
    [InlineData("Welcome to our cluster.\nYour quota is 90 % used\n\n12;cluster\n", "12")]
    [InlineData("", null)]
    [InlineData("Submitted batch job 12\n", null)]
    public void JobOf_IsTheNumber_WhateverTheSitePrintsBeforeIt(string output, string? job) => Assert.Equal(job, SlurmEngine.JobOf(output));

    [Theory]
    [InlineData("LogTimeFormat           = iso8601_ms\nMaxArraySize            = 101\nMaxBatchRequeue         = 5\n", 100)]
    [InlineData("MaxArraySize            = 100001\n", 1000)]
    [InlineData("MaxArraySize            = 0\n", 1)]
    [InlineData("", 1000)]
    public void MostTasksOf_IsTheHighestNumberOfATask(string configuration, int tasks) => Assert.Equal(tasks, SlurmEngine.MostTasksOf(configuration));

    private static IEnumerable<string> Options(JobScript job) => SlurmScript.Of(job).Split('\n').Where(line => line.StartsWith("#SBATCH ", StringComparison.Ordinal)).Select(line => line["#SBATCH ".Length..]);

    private static (int Code, string Said) Ended(JobScript job, int restarts)
    {
        var start = new System.Diagnostics.ProcessStartInfo("bash", ["-c", SlurmScript.Of(job)]) { RedirectStandardOutput = true };
        foreach (var (name, value) in new[] { ("SLURM_ARRAY_TASK_ID", "1"), ("SLURM_JOB_ID", "1"), ("SLURM_RESTART_COUNT", $"{restarts}") })
            start.Environment[name] = value;
        using var process = System.Diagnostics.Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, string.Concat(said.Split('\n').Where(line => !line.StartsWith("==", StringComparison.Ordinal))));
    }
}
