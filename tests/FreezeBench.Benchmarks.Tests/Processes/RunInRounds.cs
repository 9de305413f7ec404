using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>The benchmark program in two rounds of one case, with a second workload for which no time is left. Run when first asked for.</summary>
public sealed class RunInRounds : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
    private readonly Lazy<(int ExitCode, string Output)> ended;

    public RunInRounds() => ended = new(Run);

    public (int ExitCode, string Output) Ended => ended.Value;

    public IReadOnlyList<BenchmarkRow> Rows => ResultStore.Read<BenchmarkRow>(Path.Combine(Machine, BenchmarkRow.FileName));

    public IReadOnlyList<SampleRow> Samples => ResultStore.Read<SampleRow>(Path.Combine(Machine, SampleRow.FileName));

    private string Machine => Assert.Single(Directory.GetDirectories(folder));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private (int ExitCode, string Output) Run()
    {
        Assert.SkipUnless(RunningProgram.Folder.Contains("Release", StringComparison.Ordinal), "A Debug build refuses to measure; run: dotnet test -c Release.");
        return ProgramHere.Run(
            "--workload", "resnet18-32px-fp32,resnet18-32px-bf16", "--time-budget", "0", "--repeat", "2", "--device", "cpu", "--threads", "1", "--suites", "step", "--policies", "frozen-cached",
            "--filter", RunningProgram.OneMethod, "--iterationCount", "2", "--iterationTime", "20", "--out", folder);
    }
}
