using System.Globalization;
using System.Text.RegularExpressions;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tests.Rows;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Html;

/// <summary>Made-up rows of two unlike GPUs and a CPU, from their CSV files by the command report to the page.</summary>
public sealed class ThreeMachinesTests : IDisposable
{
    private static readonly string[] runs = ["20260102T030405Z-0011aabb", "20260102T040405Z-0011aabb", "20260102T050405Z-0011aabb"];
    private static readonly (string Phase, double Ms)[] phases = [("data", 1), ("zero_grad", 1), ("forward", 30), ("loss", 1), ("backward", 60), ("optimizer", 7)];

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-machines-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void BarsTableAndSentences_AreThoseOfTheRows()
    {
        var quick = Gpu("NVIDIA Quick 80GB", 80);
        Write(MadeUpResults.Environment, 1000, 400, MemorySource.ResidentPeak, 512);
        Write(Gpu("NVIDIA Slow 8GB", 8), 500, 125, MemorySource.CardGrowth, 2048);
        Write(quick, 200, 40, MemorySource.CardGrowth, 3072);
        Train(quick);

        var run = ToolRun.Of("report", folder, "--out", "-", "--format", "html", "--price", "NVIDIA Quick 80GB=3.6");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var first = run.Output[..run.Output.IndexOf("<details class=\"environment\"", StringComparison.Ordinal)];
        var bars = Regex.Matches(first, "<svg .*?</svg>", RegexOptions.Singleline)[^1].Value;
        Assert.Equal(["fine-tune", "frozen"], Texts(bars, "<text [^>]*class=\"name\">(.*?)</text>"));
        Assert.Equal(
            ["200 ms NVIDIA Quick 80GB", "500 ms NVIDIA Slow 8GB", "1.00 s AMD EPYC", "40.0 ms NVIDIA Quick 80GB", "125 ms NVIDIA Slow 8GB", "400 ms AMD EPYC"],
            Texts(bars, "<text [^>]*class=\"value\">(.*?)</text>"));
        var widths = Regex.Matches(bars, "<rect class=\"f([01])\"[^>]* width=\"([0-9.]+)\"").Select(bar => (Policy: bar.Groups[1].Value, Width: double.Parse(bar.Groups[2].Value, CultureInfo.InvariantCulture))).ToList();
        Assert.Equal(["0", "0", "0", "1", "1", "1"], widths.Select(bar => bar.Policy));
        // A pixel's tenth is what the page keeps.
        foreach (var (bar, ms) in widths.Zip([200.0, 500, 1000, 40, 125, 400]))
            Assert.Equal(ms / 1000 * widths[2].Width, bar.Width, 0.11);

        var table = first[first.IndexOf("<caption><span>Machines, the fastest first: resnet18-32px-fp32 of standard-1", StringComparison.Ordinal)..];
        Assert.Equal(["machine", "fine-tune, images/s", "frozen, images/s", "speed-up by freezing", "backward, % of a step", "memory, MiB", "an epoch of fine-tune, EUR", "an epoch of frozen, EUR"],
            Texts(table[..table.IndexOf("</thead>", StringComparison.Ordinal)], "<th [^>]*>(.*?)</th>"));
        var rows = Regex.Matches(table[..table.IndexOf("</tbody>", StringComparison.Ordinal)], "<tr><th scope=\"row\".*?</tr>", RegexOptions.Singleline).Select(row => Texts(row.Value, "<t[hd][^>]*>(?:<a [^>]*>)?([^<]*)"));
        Assert.Equal(
            [
                "NVIDIA Quick 80GB|5120|25600|5.00|60|3072|0.000200|0.0000400",
                "NVIDIA Slow 8GB|2048|8192|4.00|60|2048|–|–",
                "AMD EPYC, AVX-512, 2 cores|1024|2560|2.50|60|512|–|–",
            ],
            rows.Select(row => string.Join('|', row.Select(cell => cell.Trim('\u2007', '\u2008')))));

        Assert.Collection(Texts(first, "<p class=\"conclusion\">(.*?)</p>"),
            sentence => Assert.Matches(@"^Freezing the backbone makes an epoch 2\.5x \(.*\) to 5\.0x \(.*\) faster with FreezeBench&#39;s fast layers on 3 machines\.$", sentence),
            sentence => Assert.StartsWith("After 3 epochs frozen has a test accuracy 10.0 points lower (6.0 to 14.0) than fine-tune on 2000 training images of cifar10 with 10 classes at 32 px with resnet18 (n = 1)", sentence, StringComparison.Ordinal),
            sentence => Assert.StartsWith("In the 600 ms that 3 epochs of frozen take on 2000 training images of cifar10 with 10 classes at 32 px with resnet18, fine-tune ends 3 epochs: ", sentence, StringComparison.Ordinal));
        // 600 ms at a tenth of a cent a second.
        Assert.Contains("What the trainings of the picture cost on NVIDIA Quick 80GB", first, StringComparison.Ordinal);
        Assert.Contains(">0.000600</td>", first, StringComparison.Ordinal);
    }

    private static List<string> Texts(string markup, string pattern) => [.. Regex.Matches(markup, pattern, RegexOptions.Singleline).Select(match => match.Groups[1].Value)];

    private static EnvironmentRecord Gpu(string name, int gigabytes) => MadeUpResults.Environment with
    {
        Torch = MadeUpResults.Environment.Torch with { Device = "cuda:0", Backend = "cuda", MatmulTf32 = false },
        Gpu = new GpuFacts { Name = name, DriverVersion = "570.1", CudaDriverVersion = "12.8", ComputeCapability = "9.0", MemoryBytes = gigabytes * 1_000_000_000L, MaxSmClockMhz = 1980, MaxMemoryClockMhz = 2619 },
    };

    /// <summary>Three runs of the standard workload's epochs, and of fine-tune's step.</summary>
    private void Write(EnvironmentRecord machine, double tunedMs, double frozenMs, MemorySource source, long mebibytes)
    {
        var store = new ResultStore(Path.Combine(folder, machine.Id));
        store.WriteEnvironment(machine);
        List<BenchmarkRow> rows = [];
        List<SampleRow> samples = [];
        foreach (var run in runs)
        {
            var stamp = MadeUpResults.Stamp(run) with { EnvironmentId = machine.Id };
            Measured(stamp, MadeUpCase.Step with { Suite = "epoch", Policy = "fine-tune", Phase = "epoch", Images = 1024 }, tunedMs);
            Measured(stamp, MadeUpCase.Step with { Suite = "epoch", Policy = "frozen", Phase = "epoch", Images = 1024 }, frozenMs);
            foreach (var (phase, ms) in phases)
                Measured(stamp, MadeUpCase.Step with { Phase = phase }, ms);
        }
        store.Append(samples);
        store.Append(rows);

        void Measured(RunStamp stamp, BenchmarkCase of, double ms)
        {
            var measurement = new BenchmarkMeasurement { Case = of with { Device = machine.Torch.Device }, WarmUpCount = 1, OperationsPerSample = 1, SamplesMs = [ms, ms, ms, ms, ms], PeakMemory = new(mebibytes << 20, source) };
            rows.Add(measurement.ToRow(stamp));
            samples.AddRange(measurement.ToSampleRows(stamp));
        }
    }

    private void Train(EnvironmentRecord machine)
    {
        var store = new ResultStore(Path.Combine(folder, machine.Id));
        foreach (var (policy, correct) in new[] { ("fine-tune", 750), ("frozen", 650) })
        {
            AccuracyRow[] epochs =
            [
                .. Enumerable.Range(1, 3).Select(epoch => MadeUpResults.Epoch(runs[0], 1, epoch) with
                {
                    EnvironmentId = machine.Id, Device = "cuda:0", Policy = policy, PolicyInForce = policy, Weights = "resnet18-imagenet.pth", WeightsSha256 = new string('c', 64),
                    TrainTotal = 2000, TrainCorrect = 500, TestTotal = 1000, TestCorrect = correct, TestAccuracyFraction = correct / 1000.0, ThroughputImagesPerS = 2000 / (0.1 * epoch),
                }),
            ];
            store.Append(epochs);
            store.Append(MadeUpResults.End(epochs) with { EnvironmentId = machine.Id });
        }
    }
}
