using System.Diagnostics;
using System.Globalization;
using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Residual;
using FreezeBench.Results.Reports;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using Xunit;

namespace FreezeBench.Tests.Peers;

/// <summary>bench/peers/pytorch_twin.py trains what we train: same weights, images, order, step.</summary>
public sealed class PytorchTwinTests(ITestOutputHelper output)
{
    // An epoch has two: the third sees the images in another order, with momentum of the first. (PolicyGoldenTests has two such epochs.) At the
    // recipe's rate ResNet-50 leaves these weights (its loss passes 100), and soon the rounding of either framework shows.
    private const int Steps = 3, ImagesPerEpoch = 2 * TwinTraining.BatchSize;

    // The twin's table of ResNets, which is held against ours, with fewer blocks and channels: a block with a shortcut of its own and one
    // without, a quarter of the channels. To fill and train the whole networks takes ten times as long and shows nothing else.
    private const string ThinTable = "{name: (kind, (2, 1, 1, 1), 16) for name, (kind, _, _) in pytorch_twin.RESNETS.items()}";

    private static readonly Dictionary<string, Network> thin = new[] { ("resnet18", BlockKind.Basic), ("resnet50", BlockKind.Bottleneck) }.ToDictionary(
        of => of.Item1, of => NetworkCatalog.Residual(of.Item1, new(of.Item2, [2, 1, 1, 1], Width: 16)));

    private static readonly string common = $"--device cpu --threads 1 --batch-size {Shown(TwinTraining.BatchSize)} --images-per-epoch {Shown(ImagesPerEpoch)}";

    // Two correct programs round differently and a training amplifies that: PyTorch against itself, with one thread or two
    // and in either memory format, drifts apart by up to 1e-5 of the loss within these steps.
    private const double Tolerance = 1e-4;

    private static readonly string twin = Path.Combine(Root(), "bench", "peers", "pytorch_twin.py");
    private static readonly string[] candidates = [.. new[] { Environment.GetEnvironmentVariable("PYTHON") ?? "", "python3", "/usr/bin/python3" }.Where(name => name.Length > 0)];
    private static readonly Lazy<Dictionary<string, Dictionary<string, double[]>>?> losses = new(AllOfTheTwin);
    private static readonly Lazy<string?> anyPython = new(() => candidates.FirstOrDefault(program => Start(program, "-c", "pass").ExitCode == 0));

    // Every policy, both formats, both kinds of block, a size that needs the resize, and a network of torchvision.
    public static TheoryData<string, string, string, int> Cases => new()
    {
        { string.Join(',', FreezingPolicy.All.Where((_, index) => index % 2 == 0)), "channels-last", "resnet18", 32 },
        { string.Join(',', FreezingPolicy.All.Where((_, index) => index % 2 == 1)), "contiguous", "resnet18", 32 },
        { "fine-tune,frozen", "contiguous", "resnet18", 48 }, { "fine-tune,frozen-train-bn,from-layer4", "channels-last", "resnet50", 32 }, { "fine-tune,frozen", "channels-last", "mobilenet_v3_small", 32 },
    };

    private static string NarrowPolicies => "fine-tune,from-layer3,frozen-cached,lora:16";

    [Theory]
    [MemberData(nameof(Cases))]
    public void FirstSteps_HaveTheLossesOfTheTwin(string policies, string format, string backbone, int resolutionPx)
    {
        var theirs = Twins(Arguments(policies, format, backbone, resolutionPx));
        Assert.Equal(policies.Split(',').Order(StringComparer.Ordinal), theirs.Keys.Order(StringComparer.Ordinal));
        foreach (var (policy, expected) in theirs)
            foreach (var kernels in KernelSet.All)
            {
                using var training = new TwinTraining(thin.GetValueOrDefault(backbone) ?? NetworkCatalog.Parse(backbone), FreezingPolicy.Parse(policy), resolutionPx, MemoryFormat.Parse(format), kernels, imagesPerEpoch: ImagesPerEpoch);
                var ours = training.Losses(Steps);

                Assert.Equal(Steps, expected.Length);
                var difference = ours.Zip(expected, (mine, other) => Math.Abs(mine - other) / other).Max();
                var what = string.Create(CultureInfo.InvariantCulture, $"{policy}, {kernels.Name}: largest relative difference {difference:g3}; first loss {ours[0]}, last {ours[^1]}");
                output.WriteLine(what);
                Assert.True(difference <= Tolerance, what);
            }
    }

    // Each framework's own kernels round to 7 bits of mantissa (0.4 %) here, so only the first steps are compared, before it adds up.
    [Fact]
    public void Bf16_HasTheLossesOfTheTwin_WithinItsRounding() => Assert.All(Twins(NarrowArguments()), theirs =>
    {
        using var training = new TwinTraining(thin["resnet18"], FreezingPolicy.Parse(theirs.Key), 32, MemoryFormat.ChannelsLast, KernelSet.Fast, Precision.Bf16, ImagesPerEpoch);
        var ours = training.Losses(Steps);

        output.WriteLine($"{theirs.Key}: {string.Join(" ", ours)} against {string.Join(" ", theirs.Value)}");
        Assert.Equal(Steps, theirs.Value.Length);
        Assert.All(ours.Zip(theirs.Value, (mine, other) => Math.Abs(mine - other) / other), difference => Assert.InRange(difference, 0, 0.02));
    });

    [Fact]
    public void PoliciesAndNetworks_AreTheSame_InTheLibrary_InReports_AndInTheTwin()
    {
        var ours = FreezingPolicy.All.Select(policy => policy.Name).ToList();
        Assert.Equal(ours, ours.InPolicyOrder(name => name));
        // Every strategy has a family of the reports, and every family has a strategy.
        Assert.All(Strategy.All, strategy => Assert.NotNull(KnownPolicies.FamilyOf(strategy.Name)));
        Assert.All(KnownPolicies.Families, family => Assert.Contains(Strategy.All, strategy => family.Has(strategy.Name)));

        Assert.SkipWhen(anyPython.Value is null, "No python3 is installed.");
        var (exitCode, text, errors) = Start(anyPython.Value!, "-S", "-B", "-c",
            "import sys; sys.path.insert(0, sys.argv[1]); import pytorch_twin as twin; print(*twin.POLICIES); print(*twin.STANDARD); print(*twin.BACKBONES); print(twin.RESNETS)", Path.GetDirectoryName(twin)!);
        Assert.True(exitCode == 0, errors);
        var lines = text.Split('\n');
        Assert.Equal(string.Join(' ', ours), lines[0]);
        Assert.Equal(string.Join(' ', FreezingPolicy.Standard.Select(policy => policy.Name)), lines[1]);
        // torchvision's ResNet-18 is the twin's resnet18 already, and ML.NET's network is none that PyTorch's users have.
        var shared = NetworkCatalog.All.Select(network => network.Name).Where(name => !name.StartsWith("vit", StringComparison.Ordinal) && name is not ("torchvision_resnet18" or "resnet20_mlnet"));
        Assert.Equal(string.Join(' ', shared), lines[2]);
        var shapes = new[] { ("resnet18", ResNetShape.ResNet18), ("resnet34", ResNetShape.ResNet34), ("resnet50", ResNetShape.ResNet50) };
        Assert.Equal(
            $"{{{string.Join(", ", shapes.Select(of => string.Create(CultureInfo.InvariantCulture, $"'{of.Item1}': ('{(of.Item2.Block == BlockKind.Basic ? "basic" : "bottleneck")}', ({string.Join(", ", of.Item2.Blocks)}), {of.Item2.Width})")))}}}",
            lines[3].TrimEnd());
    }

    private static string Arguments(string policies, string format, string backbone, int resolutionPx) =>
        $"--losses {Shown(Steps)} --policies {policies} --memory-format {format} --backbone {backbone} --resolution {Shown(resolutionPx)} {common}";

    private static string NarrowArguments() => $"--losses {Shown(Steps)} --policies {NarrowPolicies} --precision bf16 {common}";

    private static Dictionary<string, double[]> Twins(string arguments)
    {
        Assert.SkipWhen(losses.Value is null, "No python3 with torch and torchvision is installed (Debian: python3-torch, python3-torchvision).");
        return losses.Value![arguments];
    }

    // All cases in one process: to import torch takes as long as to train one of them.
    private static Dictionary<string, Dictionary<string, double[]>>? AllOfTheTwin()
    {
        // Found, not imported, which takes seconds of the processor.
        const string HasTorch = "import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, ('torch', 'torchvision'))))";
        if (candidates.FirstOrDefault(program => Start(program, "-c", HasTorch).ExitCode == 0) is not { } python)
            return null;
        List<string> cases = [.. Cases.Select(row => Arguments(row.Data.Item1, row.Data.Item2, row.Data.Item3, row.Data.Item4)), NarrowArguments()];
        // The formula's weights are the same in every training of a network, and take a step's time.
        const string Program = "import functools, sys; sys.path.insert(0, sys.argv[1]); import pytorch_twin\n"
            + $"pytorch_twin.RESNETS = {ThinTable}\n"
            + "pytorch_twin.uniform = functools.lru_cache(maxsize=200)(pytorch_twin.uniform)\n"
            + "for case in sys.argv[2:]:\n    print('case', case)\n    if code := pytorch_twin.main(case.split()): sys.exit(code)";
        var (exitCode, text, errors) = Start(python, ["-B", "-c", Program, Path.GetDirectoryName(twin)!, .. cases]);
        Assert.True(exitCode == 0, errors);
        return text.Split("case ", StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(
            lines => lines[0],
            lines => lines.Skip(1).Select(line => line.Split(' ')).ToDictionary(
                words => words[0], words => words.Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray()));
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
