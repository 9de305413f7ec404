using System.Text.Json;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>From the CSV files to the ranking: two unlike GPUs and a CPU, made up.</summary>
public sealed class RankCommandTests : IDisposable
{
    private static readonly EnvironmentRecord cpu = MadeUpResults.Environment;

    private static readonly EnvironmentRecord hopper = cpu with
    {
        Torch = cpu.Torch with { Device = "cuda:0", Backend = "cuda" },
        Gpu = new GpuFacts { Name = "NVIDIA H100 80GB HBM3", DriverVersion = "570.86.15", MemoryBytes = 85_520_809_984, ComputeCapability = "9.0" },
    };

    private static readonly EnvironmentRecord lovelace = hopper with { Gpu = hopper.Gpu with { Name = "NVIDIA L4", MemoryBytes = 24_000_000_000, ComputeCapability = "8.9" } };

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench test ").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void UnlikeGpusAndACpu_AreRanked_FromTheirFiles()
    {
        var run = ToolRun.Of("rank", Filled());

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith("3 machines by workload, the fastest first, torchsharp.\nNVIDIA H100 80GB HBM3 is 4.", run.Output, StringComparison.Ordinal);
        var overall = run.Output.Split('\n').Where(line => line.StartsWith("   ", StringComparison.Ordinal)).Take(3).ToList();
        string[] expected = ["   1  NVIDIA H100 80GB HBM3 ", "   2  NVIDIA L4 ", "   3  AMD EPYC, AVX-512, 2 cores "];
        Assert.All(expected.Zip(overall), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));
        var line = string.Join(' ', run.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("device (cpu: AMD EPYC, AVX-512, 2 cores; cuda: NVIDIA", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_OfTwoGpus_AndOfAGpuAndACpu()
    {
        Filled();
        string Of(EnvironmentRecord environment) => Path.Combine(folder, environment.Id);

        Assert.StartsWith("Two machines: NVIDIA H100 80GB HBM3 (BASE) and NVIDIA L4 (DIFF).\nNVIDIA H100 80GB HBM3 is 4.", ToolRun.Of("compare", Of(hopper), Of(lovelace)).Output, StringComparison.Ordinal);
        var mixed = ToolRun.Of("compare", Of(cpu), Of(hopper), "--format", "json");
        Assert.Equal(0, mixed.ExitCode);
        using var json = JsonDocument.Parse(mixed.Output);
        Assert.Equal(0.01, json.RootElement.GetProperty("overall").GetProperty("ratio").GetDouble(), 0.001);
    }

    [Theory]
    [InlineData("json", "{\n  \"schema_version\": 1")]
    [InlineData("csv", "suite,policy,phase")]
    [InlineData("markdown", "### FreezeBench: 3 machines by workload")]
    [InlineData("text", "3 machines by workload")]
    public void Out_HasTheFormat(string format, string start)
    {
        var file = Path.Combine(folder, "out");
        var run = ToolRun.Of("rank", Filled(), "--format", format, "--out", file);
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Errors));
        Assert.StartsWith(start, File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format", "html", "Valid values: text, markdown, json, csv")]
    [InlineData("--framework", "pytorch", "it has rows of torchsharp fast")]
    [InlineData("--kernels", "plain", "(framework torchsharp, plain kernels)")]
    [InlineData("--kernels", "quick", "quick")]
    [InlineData("--confidence", "2", "--confidence is 2")]
    public void BadRequest_IsToldWithItsValue(string option, string value, string message)
    {
        var run = ToolRun.Of("rank", Filled(), option, value);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void OneMachine_IsNothingToRank()
    {
        Fill(cpu, 1);
        Assert.Contains("a ranking needs two or more", ToolRun.Of("rank", folder).Errors, StringComparison.Ordinal);
    }

    private string Filled()
    {
        Fill(cpu, 100);
        Fill(hopper, 1);
        Fill(lovelace, 4);
        return folder;
    }

    private void Fill(EnvironmentRecord environment, double slower)
    {
        var place = Path.Combine(folder, environment.Id);
        Directory.CreateDirectory(place);
        File.WriteAllBytes(Path.Combine(place, EnvironmentFile.FileName), EnvironmentFile.Render(environment));
        var store = new ResultStore(place);
        foreach (var run in Enumerable.Range(1, 3))
        {
            var stamp = MadeUpResults.Stamp($"2026010{run}T030405Z-0011aabb") with { EnvironmentId = environment.Id };
            var measurement = MadeUpResults.Measurement with
            {
                Case = MadeUpResults.Measurement.Case with { Suite = "epoch", Phase = "epoch", Weights = "random", Images = 1024, Device = environment.Torch.Device },
                SamplesMs = [.. Enumerable.Range(0, 10).Select(sample => slower * (10 + 0.02 * sample + 0.05 * run))],
            };
            store.Append([measurement.ToRow(stamp)]);
            store.Append(measurement.ToSampleRows(stamp));
        }
    }
}
