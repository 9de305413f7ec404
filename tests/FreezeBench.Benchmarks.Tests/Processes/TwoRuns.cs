using System.Runtime.InteropServices;
using FreezeBench.Benchmarks.Tests.Faults;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>
/// The benchmark program twice at once, from one build into one folder: once on images of the user's own where no SDK is found and the user
/// asks BenchmarkDotNet for 3 iterations, and once as it is, with the phases of a step, of two policies. Run when first asked for.
/// </summary>
public sealed class TwoRuns : IDisposable
{
    /// <summary>What the rows of the other run call its images.</summary>
    internal const string OthersLabel = "noise";

    private readonly string top = Directory.CreateTempSubdirectory("freezebench-").FullName;
    private readonly string folder;
    private readonly Lazy<Ended> ended;

    public TwoRuns() => (folder, ended) = (Path.Combine(top, "results"), new(Run));

    public (int ExitCode, string Output) WithoutSdk => ended.Value.WithoutSdk;

    public (int ExitCode, string Output) Other => ended.Value.Other;

    /// <summary>The files beside the program, and when they were written, before both runs.</summary>
    public IReadOnlyList<(string, DateTime)> Before => ended.Value.Before;

    /// <summary>The same after both.</summary>
    public IReadOnlyList<(string, DateTime)> After => ended.Value.After;

    /// <summary>Where both wrote.</summary>
    public string Machine => Assert.Single(Directory.GetDirectories(folder));

    /// <summary>What both wrote.</summary>
    public IReadOnlyList<BenchmarkRow> Rows => ResultStore.Read<BenchmarkRow>(Path.Combine(Machine, BenchmarkRow.FileName));

    /// <summary>What the other one wrote of them.</summary>
    public IReadOnlyList<BenchmarkRow> OthersRows => [.. Rows.Where(row => row.Dataset == OthersLabel)];

    /// <summary>The samples that both wrote.</summary>
    public IReadOnlyList<SampleRow> Samples => ResultStore.Read<SampleRow>(Path.Combine(Machine, SampleRow.FileName));

    /// <summary>What the run without an SDK wrote of them.</summary>
    public IReadOnlyList<BenchmarkRow> WithoutSdksRows => [.. Rows.Where(row => row.Dataset != OthersLabel)];

    public void Dispose() => Directory.Delete(top, recursive: true);

    private Ended Run()
    {
        Assert.SkipUnless(RunningProgram.Folder.Contains("Release", StringComparison.Ordinal), "A Debug build refuses to measure; run: dotnet test -c Release.");
        var before = Files();
        using var one = RunningProgram.Start(
            // The runtime is found by DOTNET_ROOT; no program is found at all.
            [new("PATH", top), new("DOTNET_ROOT", Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")))],
            [
                .. RunningProgram.OneSmallCase.Select(word => word == "frozen-cached" ? "lora:2" : word), "--dataset", $"imagefolder:{Pictures.In(Path.Combine(top, "ants-and-bees"))}",
                "--iterationCount", "3", "--warmupCount", "2", "--out", folder,
            ]);
        using var other = RunningProgram.Start(
            [],
            [
                .. RunningProgram.OneSmallCase.Select(word => word switch { RunningProgram.OneMethod => "*StepSuite.Phases*", "frozen-cached" => "frozen,frozen-cached", _ => word }),
                "--dataset-label", OthersLabel, "--out", folder,
            ]);
        return new(one.End(), other.End(), before, Files());
    }

    private static List<(string, DateTime)> Files() =>
        [.. Directory.GetFileSystemEntries(RunningProgram.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => (path, File.GetLastWriteTimeUtc(path)))];

    private sealed record Ended((int ExitCode, string Output) WithoutSdk, (int ExitCode, string Output) Other, IReadOnlyList<(string, DateTime)> Before, IReadOnlyList<(string, DateTime)> After);
}
