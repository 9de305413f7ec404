using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

public sealed class RemarkCommandTests : IDisposable
{
    private const string Run = "20260102T030405Z-0011aabb";

    private readonly string results = Directory.CreateTempSubdirectory("freezebench-remark-").FullName;
    private readonly ResultStore store;

    public RemarkCommandTests()
    {
        var environment = new EnvironmentRecord
        {
            Torch = new TorchFacts
            {
                Device = "cpu",
                Backend = "cpu",
                TorchSharpVersion = "0.107.0",
                LibtorchVersion = "2.10.0",
                Threads = 2,
            },
            Machine = new MachineFacts
            {
                CpuModel = "AMD EPYC",
                LogicalCores = 2,
                OperatingSystem = "Debian",
                KernelVersion = "6",
                Architecture = "x64",
                DotNetVersion = ".NET 10.0.0",
            },
            Gpu = GpuFacts.None,
        };
        store = new ResultStore(Path.Combine(results, environment.Id));
        store.WriteEnvironment(environment);
        store.Append(new BenchmarkMeasurement
        {
            Case = new BenchmarkCase
            {
                Suite = "step",
                Policy = "frozen",
                Phase = "step",
                Backbone = "resnet18",
                Weights = "random",
                Dataset = "synthetic",
                Classes = 10,
                ResolutionPx = 32,
                BatchSize = 64,
                Images = 64,
                Precision = "fp32",
                MemoryFormat = "channels-last",
                Threads = 2,
                Device = "cpu",
            },
            WarmUpCount = 1,
            OperationsPerSample = 1,
            SamplesMs = [1.5, 1.6],
            PeakMemoryBytes = null,
        }.ToRow(new RunStamp { RunId = Run, EnvironmentId = environment.Id, UtcTime = DateTimeOffset.UnixEpoch, Git = GitState.None }));
    }

    public void Dispose() => Directory.Delete(results, recursive: true);

    [Fact]
    public void Remark_IsARowBesideTheOthers_AndTheySayTheSameAsBefore()
    {
        var before = File.ReadAllBytes(Path.Combine(store.Folder, BenchmarkRow.FileName));

        var run = Tool.Run("remark", Run, "--results", results, "--times-disturbed", "a build ran beside it");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var remark = Assert.Single(Assert.Single(ResultSet.Load(results).Environments).Remarks);
        Assert.Equal((Run, RemarkRow.TimesDisturbed, "a build ran beside it"), (remark.RunId, remark.Remark, remark.Reason));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(store.Folder, BenchmarkRow.FileName)));
    }

    [Theory]
    [InlineData("20260102T030405Z-ffffffff", "why", "has the run_id '20260102T030405Z-ffffffff'")]
    [InlineData(Run, " ", "needs a reason")]
    [InlineData(Run, "two\nlines", "needs a reason in one line")]
    public void BadRequest_SaysWhatIsWrong_AndWritesNothing(string id, string reason, string message)
    {
        var run = Tool.Run("remark", id, "--results", results, "--times-disturbed", reason);

        Assert.Equal(ToolProgram.BadInput, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(store.Folder, RemarkRow.FileName)));
    }

    [Fact]
    public void SecondRemark_IsRefused()
    {
        Tool.Run("remark", Run, "--results", results, "--times-disturbed", "a build");

        Assert.Contains("already marked", Tool.Run("remark", Run, "--results", results, "--times-disturbed", "a build").Errors, StringComparison.Ordinal);
    }
}
