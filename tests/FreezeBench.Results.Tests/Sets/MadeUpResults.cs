using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Tests.Sets;

/// <summary>Writes result folders of any size, for tests of scale: made-up machines, plausible times, valid summaries.</summary>
/// <remarks>Equal arguments give equal bytes. Not through ResultStore, which flushes every file to the disk. Other test
/// projects link this file and <see cref="MadeUpTraining"/> and <see cref="MadeUpLines"/>.</remarks>
internal static class MadeUpResults
{
    internal const string Commit = "82c978f5e328341ab03f1598ae0709f11c479dd9";

    /// <summary>Spread of a sample around its case's time: 3 %, skewed to the right as step times are.</summary>
    private const double LogSpread = 0.03;

    private static readonly string[] policies = ["fine-tune", "from-layer1", "from-layer2", "from-layer3", "from-layer4", "frozen", "frozen-train-bn", "frozen-cached"];
    private static readonly string[] stepPhases = ["step", "data", "zero_grad", "forward", "loss", "backward", "optimizer"];
    private static readonly double[] phaseShares = [1, 0.03, 0.01, 0.33, 0.02, 0.58, 0.03];

    /// <summary>Start of all runs.</summary>
    internal static DateTimeOffset Start { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Writes a folder for each environment below <paramref name="folder"/>, each with
    /// <paramref name="cases"/> rows of benchmarks.csv, <paramref name="samples"/> samples a case, 30 rows of accuracy.csv
    /// and 3 of runs.csv.</summary>
    internal static void Write(string folder, int environments, int cases, int samples, int seed)
    {
        for (var index = 0; index < environments; index++)
        {
            var environment = Machine(index);
            var path = Directory.CreateDirectory(Path.Combine(folder, environment.Id)).FullName;
            File.WriteAllBytes(Path.Combine(path, EnvironmentFile.FileName), EnvironmentFile.Render(environment));
            var random = new Random(unchecked(seed * 1_000_003 + index));
            WriteCases(path, environment, index, cases, samples, random);
            MadeUpTraining.Write(path, environment, index, random);
        }
    }

    /// <summary>The made-up machine of the given number: every third has a GPU. No two share an id.</summary>
    internal static EnvironmentRecord Machine(int index)
    {
        var gpu = index % 3 == 2;
        return new EnvironmentRecord
        {
            Torch = new TorchFacts { Device = gpu ? "cuda:0" : "cpu", Backend = gpu ? "cuda" : "cpu", TorchSharpVersion = "0.107.0", LibtorchVersion = "2.10.0", Threads = 2, MatmulTf32 = false },
            Machine = new MachineFacts
            {
                CpuModel = FormattableString.Invariant($"Made-up CPU {index}"),
                LogicalCores = 2 << index % 5,
                PhysicalCores = 1 << index % 5,
                MemoryBytes = 8_000_000_000,
                OperatingSystem = "Debian GNU/Linux 12 (bookworm)",
                KernelVersion = "6.1.0",
                Architecture = "x64",
                DotNetVersion = ".NET 10.0.0",
            },
            Gpu = gpu
                ? new GpuFacts { Name = "Made-up GPU", DriverVersion = FormattableString.Invariant($"570.{index}"), CudaDriverVersion = "12.8", ComputeCapability = "9.0", MemoryBytes = 85_520_809_984, MaxSmClockMhz = 1980, MaxMemoryClockMhz = 2619 }
                : GpuFacts.None,
        };
    }

    /// <summary>Cases as the suites measure them: epochs, steps with their phases, depth, at growing batch and image sizes.</summary>
    internal static IEnumerable<(BenchmarkCase Case, double TimeMs)> Cases(string device)
    {
        for (var size = 0; ; size++)
        {
            var (batch, px) = (32 << size % 5, 32 << size / 5 % 4);
            // A case key holds neither classes nor threads, so that only the data set's name keeps later rounds apart.
            var dataset = size < 20 ? "synthetic" : FormattableString.Invariant($"synthetic-{size / 20}");
            BenchmarkCase Case(string suite, string policy, string phase, int images) => new()
            {
                Kernels = KernelKind.Fast,
                Suite = suite,
                Policy = policy,
                Phase = phase,
                Backbone = "resnet18",
                Weights = "random",
                Dataset = dataset,
                Classes = 10,
                ResolutionPx = px,
                BatchSize = batch,
                Images = images,
                Precision = "fp32",
                MemoryFormat = "channels-last",
                Threads = 2,
                Device = device,
            };
            foreach (var (rank, policy) in policies.Index())
            {
                var step = batch * px * px / 16384.0 * (8 - rank);
                yield return (Case("epoch", policy, "epoch", 16 * batch), 16.4 * step);
                yield return (Case("epoch", policy, "steps", 16 * batch), 16 * step);
                foreach (var (phase, share) in stepPhases.Zip(phaseShares))
                    yield return (Case("step", policy, phase, batch), share * step);
                if (rank >= 6)
                    continue;
                yield return (Case("depth", policy, "backward", batch), 0.58 * step);
                yield return (Case("depth", policy, "step", batch), step);
            }
        }
    }

    private static void WriteCases(string folder, EnvironmentRecord environment, int index, int cases, int samples, Random random)
    {
        var stamp = new RunStamp
        {
            RunId = FormattableString.Invariant($"20260102T030405Z-{index:x8}"),
            EnvironmentId = environment.Id,
            UtcTime = Start,
            Git = new GitState { Commit = Commit, Dirty = false },
        };
        using var rows = MadeUpLines.Open<BenchmarkRow>(folder);
        using var sampleRows = MadeUpLines.Open<SampleRow>(folder);
        foreach (var (settings, timeMs) in Cases(environment.Torch.Device).Take(cases))
        {
            // The machine's speed lies between that of the first and ten times that.
            var factor = timeMs / (1 + index % 10);
            var measurement = new BenchmarkMeasurement
            {
                Case = settings,
                WarmUpCount = 2,
                OperationsPerSample = 1,
                SamplesMs = [.. Enumerable.Range(0, samples).Select(_ => Math.Round(factor * Math.Exp(LogSpread * Normal(random)), 6))],
                PeakMemory = new(600_000_000, MemorySource.ResidentPeak),
            };
            rows.WriteLine(MadeUpLines.Line(measurement.ToRow(stamp)));
            WriteSamples(sampleRows, measurement.ToSampleRows(stamp)[0], measurement.SamplesMs);
        }
    }

    /// <summary>The rows of one case by the text that they share: a row object for each of millions would take minutes.</summary>
    private static void WriteSamples(StreamWriter writer, SampleRow first, IReadOnlyList<double> samplesMs)
    {
        var line = MadeUpLines.Line(first);
        var after = line.LastIndexOf(',');
        var changing = after;
        for (var separators = 0; separators < 3; separators++)
            changing = line.LastIndexOf(',', changing - 1);
        foreach (var (index, value) in samplesMs.Index())
        {
            writer.Write(line.AsSpan(0, changing + 1));
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{index},{first.Operations},{value:R}"));
            writer.WriteLine(line.AsSpan(after));
        }
    }

    /// <summary>Box and Muller: "A note on the generation of random normal deviates", 1958.</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
