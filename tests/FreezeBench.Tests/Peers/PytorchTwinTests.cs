using System.Diagnostics;
using System.Globalization;
using FreezeBench.Features;
using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Peers;

/// <summary>bench/peers/pytorch_twin.py trains what we train: same weights, images, order, step.</summary>
public sealed class PytorchTwinTests(ITestOutputHelper output)
{
    private const int NarrowSteps = 3, BatchSize = 16, ImagesPerEpoch = 80, Seed = 1;

    private static readonly string common = $"--device cpu --threads 1 --batch-size {Shown(BatchSize)} --images-per-epoch {Shown(ImagesPerEpoch)}";

    // Two correct programs round differently and a training amplifies that: PyTorch against itself, with one thread or two
    // and in either memory format, drifts apart by up to 1e-5 of the loss within these steps.
    private const double Tolerance = 1e-4;

    private static readonly Lazy<Dictionary<string, IReadOnlyList<double>>?> losses = new(AllOfTheTwin);

    // Every policy of a kind, both formats, both kinds of block, and a size that needs the resize.
    public static TheoryData<string, string, string, int> Cases => new()
    {
        { "fine-tune", "channels-last", "resnet18", 32 }, { "frozen", "contiguous", "resnet18", 48 }, { "frozen-train-bn", "contiguous", "resnet18", 32 },
        { "frozen-cached", "channels-last", "resnet18", 32 }, { "from-layer1", "channels-last", "resnet18", 32 }, { "from-layer4", "channels-last", "resnet50", 32 },
    };

    public static TheoryData<string> NarrowCases => new("fine-tune", "from-layer3", "frozen-cached");

    [Theory]
    [MemberData(nameof(Cases))]
    public void TenSteps_HaveTheLossesOfTheTwin(string policy, string format, string backbone, int resolutionPx)
    {
        var steps = StepsOf(backbone);
        var theirs = Twins(Arguments(policy, format, backbone, resolutionPx));

        var ours = Losses(FreezingPolicy.Parse(policy), MemoryFormat.Parse(format), NetworkCatalog.Parse(backbone), resolutionPx, steps);

        Assert.Equal(steps, theirs.Count);
        var differences = ours.Zip(theirs, (mine, other) => Math.Abs(mine - other) / other).ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest relative difference {differences.Max():g3}; first loss {ours[0]}, last {ours[^1]}"));
        Assert.All(differences, difference => Assert.InRange(difference, 0, Tolerance));
    }

    // Each framework's own kernels round to 7 bits of mantissa (0.4 %) here, so only the first steps are compared, before it adds up.
    [Theory]
    [MemberData(nameof(NarrowCases))]
    public void Bf16_HasTheLossesOfTheTwin_WithinItsRounding(string policy)
    {
        var theirs = Twins(NarrowArguments(policy));

        var ours = Losses(FreezingPolicy.Parse(policy), MemoryFormat.ChannelsLast, NetworkCatalog.ResNet18, 32, NarrowSteps, Precision.Bf16);

        output.WriteLine($"{string.Join(" ", ours)} against {string.Join(" ", theirs)}");
        Assert.Equal(NarrowSteps, theirs.Count);
        Assert.All(ours.Zip(theirs, (mine, other) => Math.Abs(mine - other) / other), difference => Assert.InRange(difference, 0, 0.02));
    }

    // At the recipe's rate ResNet-50 leaves these weights (its loss passes 100), and soon the rounding of either framework shows; five steps
    // are enough to tell one network from another.
    private static int StepsOf(string backbone) => backbone == NetworkCatalog.ResNet50.Name ? 5 : 10;

    private static string Arguments(string policy, string format, string backbone, int resolutionPx) =>
        $"--losses {Shown(StepsOf(backbone))} --policies {policy} --memory-format {format} --backbone {backbone} --resolution {Shown(resolutionPx)} {common}";

    private static string NarrowArguments(string policy) => $"--losses {Shown(NarrowSteps)} --policies {policy} --precision bf16 {common}";

    private static IReadOnlyList<double> Twins(string arguments)
    {
        Assert.SkipWhen(losses.Value is null, "No python3 with torch is installed (Debian: python3-torch).");
        return losses.Value![arguments];
    }

    // All cases in one process: to import torch takes as long as to train one of them.
    private static Dictionary<string, IReadOnlyList<double>>? AllOfTheTwin()
    {
        if (new[] { Environment.GetEnvironmentVariable("PYTHON"), "python3", "/usr/bin/python3" }.OfType<string>().FirstOrDefault(program => Start(program, "-c", "import torch").ExitCode == 0) is not { } python)
            return null;
        List<string> cases = [.. Cases.Select(row => Arguments(row.Data.Item1, row.Data.Item2, row.Data.Item3, row.Data.Item4)), .. NarrowCases.Select(row => NarrowArguments(row.Data))];
        const string Program = "import sys; sys.path.insert(0, sys.argv[1]); import pytorch_twin\n"
            + "for case in sys.argv[2:]:\n    print('case', case)\n    if code := pytorch_twin.main(case.split()): sys.exit(code)";
        var (exitCode, text, errors) = Start(python, ["-B", "-c", Program, Path.Combine(Root(), "bench", "peers"), .. cases]);
        Assert.True(exitCode == 0, errors);
        return text.Split("case ", StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(lines => lines[0], lines => (IReadOnlyList<double>)[.. lines[1..].Select(line => double.Parse(line, CultureInfo.InvariantCulture))]);
    }

    // Two epochs of five steps, as a benchmark's process trains, from formula weights.
    private static List<double> Losses(FreezingPolicy policy, MemoryFormat format, Network definition, int resolutionPx, int steps, Precision? precision = null)
    {
        using var scope = NewDisposeScope();
        using var data = SyntheticImages.Create(ImagesPerEpoch, CifarFiles.SizePx, CifarFiles.Classes, seed: 1, CPU);
        using var network = definition.Build(CifarFiles.Classes, resolutionPx);
        FormulaWeights.Fill(network.Module);
        format.ApplyTo(network.Module);
        using var trainer = new Trainer(network, policy, data, resolutionPx, format, new TrainingOptions { BatchSize = BatchSize, Seed = Seed, Precision = precision ?? Precision.Fp32 });
        using var transform = new ImageTransform(resolutionPx, format, CPU);
        using BatchSource images = data.Batches(transform, BatchSize, Augmentation.None);
        using BatchSource? features = policy.CachesFeatures ? new FeatureBatches(FeatureExtraction.Extract(trainer.Network, images), data.Labels, BatchSize) : null;
        var source = features ?? images;
        // A step keeps its loss in the totals: emptied before every step, they hold that one.
        using var totals = new RunningTotals(CPU);
        var step = new TrainingStep(trainer.Network, trainer.Optimizer, source, totals, KernelSet.Fast);
        List<double> own = [];
        for (var number = 0; number < steps; number++)
        {
            if (number % source.StepsPerEpoch == 0)
                source.Shuffle(Seed, number / source.StepsPerEpoch);
            totals.Reset();
            step.Run(number % source.StepsPerEpoch, NoObserver.Instance);
            own.Add(totals.Read().MeanLoss);
        }
        return own;
    }

    private static string Shown(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static (int ExitCode, string Output, string Errors) Start(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, text, errors.Result);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return (-1, "", error.Message);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Benchmarks.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has a Benchmarks.sln.");
    }
}
