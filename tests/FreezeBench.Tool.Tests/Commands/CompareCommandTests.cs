using FreezeBench.Faults;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Commands;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

public sealed class CompareCommandTests : IDisposable
{
    private const string Summary = "GITHUB_STEP_SUMMARY";

    private static readonly EnvironmentRecord environment = new()
    {
        Torch = new TorchFacts { Device = "cpu", Backend = "cpu", TorchSharpVersion = "1", LibtorchVersion = "2", Threads = 2 },
        Machine = new MachineFacts { CpuModel = "AMD EPYC", LogicalCores = 2, OperatingSystem = "Debian", KernelVersion = "6", Architecture = "x64", DotNetVersion = ".NET 10.0.0" },
        Gpu = GpuFacts.None,
    };

    private static readonly EnvironmentRecord another = environment with { Machine = environment.Machine with { CpuModel = "ARM Neoverse-V2", LogicalCores = 8 } };

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-test-").FullName;
    private readonly string? summaryBefore = Environment.GetEnvironmentVariable(Summary);

    // A run of these tests in CI must not write into the job's own summary.
    public CompareCommandTests() => Environment.SetEnvironmentVariable(Summary, null);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Summary, summaryBefore);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void EqualRuns_ExitWithZero()
    {
        var (code, output, errors) = Run(Side("base", 100), Side("diff", 100));
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("0 worse, 0 better, 0 undecided, 1 equivalent", output);
    }

    [Fact]
    public void SlowerRun_ExitsWithOne()
    {
        var (code, output, _) = Run(Side("base", 100), Side("diff", 150));
        Assert.Equal(ExitCode.Found, code);
        Assert.Contains("1.50x", output);
        Assert.Contains("worse", output);
    }

    [Fact]
    public void Table_FitsInEightyColumns()
    {
        var name = string.Join('-', Enumerable.Repeat("long", 20));
        var (_, output, _) = Run(Side("base", 100, name), Side("diff", 123456.789, name), width: 200);
        var table = output.Split('\n').TakeWhile(line => !line.StartsWith("1 worse", StringComparison.Ordinal)).ToList();
        Assert.True(table.Count > 3);
        Assert.All(table, line => Assert.True(line.TrimEnd().Length <= 80, line));
        Assert.All(Run(Side("base2", 100), Side("diff2", 150), width: 80).Output.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void NothingInCommon_IsBadInputWithTheReason()
    {
        var (code, _, errors) = Run(Side("base", 100), Side("diff", 100, "loss"));
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("no case in common: no suite, policy and phase is on both sides. Measure both with the same settings.", errors);
    }

    [Fact]
    public void TwoSetups_AreCompared_AndAreNothingForTheGate()
    {
        var updated = environment with { Torch = environment.Torch with { LibtorchVersion = "3" } };
        var (first, second) = (Side("base", 100), Side("diff", 100, at: updated));
        var (code, output, errors) = Run(first, second);
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("One machine, two set-ups, AMD EPYC, 2 cores: libtorch 2 (BASE) and libtorch 3\n(DIFF).\n", output, StringComparison.Ordinal);
        (code, _, errors) = Run(first, second, "--gate");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("--gate judges two commits on one machine; one machine, two set-ups", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void UpdateThatChangesNoSpeed_IsNoOtherEnvironment() => Assert.Equal(0,
        Run(Side("base", 100), Side("diff", 100, at: environment with { SchemaVersion = 2, Machine = environment.Machine with { DotNetVersion = ".NET 10.0.1" } })).Code);

    [Fact]
    public void TwoMachines_AreCompared_WhicheverIsFaster_AndTheFirstLineSaysSo()
    {
        foreach (var milliseconds in new[] { 50.0, 200 })
        {
            var (code, output, errors) = Run(Side($"base {milliseconds}", 100), Side($"diff {milliseconds}", milliseconds, threads: 8, at: another));
            Assert.Equal((0, ""), (code, errors));
            Assert.StartsWith("Two machines: AMD EPYC, 2 cores (BASE) and ARM Neoverse-V2, 8 cores (DIFF).\n", output, StringComparison.Ordinal);
            Assert.Contains(milliseconds < 100 ? "ARM Neoverse-V2, 8 cores is 2.00x" : "AMD EPYC, 2 cores is 2.00x", output, StringComparison.Ordinal);
            Assert.Contains("threads (2 and 8)", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Gate_IsForOneMachine()
    {
        var (code, output, errors) = Run(Side("base", 100), Side("diff", 100, at: another), "--gate");
        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains("--gate judges two commits on one machine; two machines: AMD EPYC", errors, StringComparison.Ordinal);
        (code, _, errors) = Run(Side("first", 100), Side("second", 100), Side("third", 100, at: another), "--gate");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("these are 3: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void MachinesWithoutACommonWorkload_AreBadInput()
    {
        var (code, _, errors) = Run(Side("base", 100, "step"), Side("diff", 100, "loss", at: another));
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("no case in common", errors, StringComparison.Ordinal);
        Assert.Contains("Measure the standard workloads on both.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ThreeSides_AreRanked()
    {
        var third = environment with { Machine = environment.Machine with { CpuModel = "Intel(R) Xeon(R) CPU @ 2.20GHz" } };
        var (code, output, errors) = Run(Side("a", 300), Side("b", 100, at: another), Side("c", 200, at: third), "--format", "csv");
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(["ARM Neoverse-V2, 8 cores", "Intel Xeon, 2 cores", "AMD EPYC, 2 cores"], output.Split('\n').Skip(1).Take(3).Select(line => line.Split('"')[1]));
    }

    [Fact]
    public void FolderOfTwoMachines_AgainstAThird_IsRanked()
    {
        Side("two", 300);
        var (code, output, _) = Run(Side("two", 100, at: another), Side("c", 200, at: environment with { Machine = environment.Machine with { LogicalCores = 64 } }));
        Assert.Equal(0, code);
        Assert.StartsWith("3 machines by workload, the fastest first.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownWord_IsBadInput()
    {
        var side = Side("base", 100);
        var (code, _, errors) = Run(side, "compair", "--results", side);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains($"environment {environment.Id}", errors);
    }

    [Theory]
    [InlineData("--threshold", "much", "--threshold is 'much'")]
    [InlineData("--threshold", "0,05", "--threshold is '0,05'")]
    [InlineData("--threshold", "-1", "--threshold is -1")]
    [InlineData("--format", "html", "Valid values: text, markdown, json, csv")]
    public void InvalidOption_IsBadInput(string option, string value, string message)
    {
        var (code, _, errors) = Run("a", "b", option, value);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(message, errors);
    }

    [Fact]
    public void Threshold_IsTaken() => Assert.Equal(0, Run(Side("base", 100), Side("diff", 150), "--threshold", "0.8").Code);

    [Theory]
    [InlineData("markdown", "### FreezeBench: 1 worse")]
    [InlineData("json", "{\n  \"schema_version\": 1")]
    [InlineData("text", "1 worse")]
    public void Out_HasTheFormat(string format, string start)
    {
        var file = Path.Combine(folder, "out");
        var (code, output, _) = Run(Side("base", 100), Side("diff", 150), "--format", format, "--out", file);
        Assert.Equal((ExitCode.Found, ""), (code, output));
        Assert.Contains(start, File.ReadAllText(file));
        Assert.DoesNotContain('\u001b', File.ReadAllText(file));
    }

    [Fact]
    public void OutThatCannotBeWritten_IsBadInput()
    {
        var (code, _, errors) = Run(Side("base", 100), Side("diff", 100), "--out", Path.Combine(folder, "no", "such", "file"));
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("--out is", errors);
    }

    [Fact]
    public void Gate_PrintsAndAppendsTheSummary()
    {
        var summary = Path.Combine(folder, "summary.md");
        File.WriteAllText(summary, "before\n");
        Environment.SetEnvironmentVariable(Summary, summary);
        var (code, output, errors) = Run(Side("base", 100), Side("diff", 150), "--gate");
        Assert.Equal((ExitCode.Found, ""), (code, errors));
        Assert.StartsWith("### FreezeBench: 1 worse", output);
        Assert.Equal("before\n" + output, File.ReadAllText(summary));
    }

    [Fact]
    public void SummaryThatIsAPipe_IsSaid_AndNotWaitedFor()
    {
        Assert.SkipUnless(SpecialFile.AreThere, "Special files are Unix's.");
        var summary = Path.Combine(folder, "summary.md");
        SpecialFile.Put(SpecialFile.Pipe, summary);
        Environment.SetEnvironmentVariable(Summary, summary);
        var run = ToolRun.Ended("compare", Side("base", 100), Side("diff", 150), "--gate")!;
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("which cannot be written: it is a pipe; only regular files are appended to.", run.Errors);
    }

    [Fact]
    public void GateWithoutSummaryFile_OnlyPrints() => Assert.Equal(0, Run(Side("base", 100), Side("diff", 100), "--gate").Code);

    [Fact]
    public void MissingCase_FailsTheGateUnlessAllowed()
    {
        var (first, second) = (Side("base", 100), Side("diff", 100));
        Side("base", 100, "vanished");
        Assert.Equal(0, Run(first, second).Code);
        var (code, output, errors) = Run(first, second, "--gate");
        Assert.Equal(ExitCode.Found, code);
        Assert.Contains("only in", output);
        Assert.Contains("--allow-missing", errors);
        Assert.Equal(0, Run(first, second, "--gate", "--allow-missing").Code);
    }

    [Theory]
    [InlineData("--allow-missing")]
    [InlineData("--gate", "--format", "json")]
    public void OptionsThatDoNotGoTogether_AreRefused(params string[] options) => Assert.Equal(ExitCode.BadInput, Run("a", "b", options).Code);

    [Fact]
    public void Help_SaysHowToMeasure()
    {
        var (code, output, _) = Run("--help");
        Assert.Equal(0, code);
        Assert.Contains("Measure three runs a side", output);
        Assert.Contains("Default: 0.09.", output);
    }

    /// <summary>A results folder with three runs of a case that differ by a percent.</summary>
    private string Side(string name, double milliseconds, string phase = "step", int threads = 2, EnvironmentRecord? at = null)
    {
        var (path, record) = (Path.Combine(folder, name), at ?? environment);
        var place = Path.Combine(path, record.Id);
        Directory.CreateDirectory(place);
        File.WriteAllBytes(Path.Combine(place, EnvironmentFile.FileName), EnvironmentFile.Render(record));
        var store = new ResultStore(place);
        for (var run = 0; run < 3; run++)
        {
            var stamp = new RunStamp { RunId = $"{name}-{phase}-{run}", EnvironmentId = record.Id, UtcTime = DateTimeOffset.UnixEpoch, Git = new GitState { Commit = new string('a', 40), Dirty = false } };
            var measurement = new BenchmarkMeasurement
            {
                Case = new BenchmarkCase
                {
                    Kernels = KernelKind.Fast,
                    Suite = "step",
                    Policy = "frozen",
                    Phase = phase,
                    Backbone = "resnet18",
                    Weights = "random",
                    Dataset = "synthetic",
                    Classes = 10,
                    ResolutionPx = 32,
                    BatchSize = 64,
                    Images = 64,
                    Precision = "fp32",
                    MemoryFormat = "channels-last",
                    Threads = threads,
                    Device = "cpu",
                },
                WarmUpCount = 1,
                OperationsPerSample = 1,
                SamplesMs = [.. Enumerable.Range(0, 10).Select(index => milliseconds * (1 + 0.002 * index + 0.001 * run))],
            };
            store.Append([measurement.ToRow(stamp)]);
            store.Append(measurement.ToSampleRows(stamp));
        }
        return path;
    }

    /// <summary>Without launch noise, because one case alone tells no spread.</summary>
    private static (int Code, string Output, string Errors) Run(string first, string second, params string[] options) => Run(first, second, 80, options);

    private static (int Code, string Output, string Errors) Run(string first, string second, int width, params string[] options) =>
        Run(width, ["compare", first, second, "--launch-noise", "0", .. options]);

    private static (int Code, string Output, string Errors) Run(string option) => Run(80, ["compare", option]);

    private static (int Code, string Output, string Errors) Run(int width, string[] arguments)
    {
        using var console = new TestConsole();
        console.Profile.Width = width;
        using var errors = new StringWriter();
        var code = ToolProgram.Run(arguments, console, errors);
        return (code, console.Output, errors.ToString());
    }
}
