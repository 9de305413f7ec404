using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Tool.Tests;

/// <summary>Reports with made-up numbers that use every part of the contract.</summary>
internal static class MadeUpReport
{
    /// <summary>Texts that try to be more than texts.</summary>
    internal static readonly string[] Hostile =
    [
        "<script>document.title='taken'</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "</style></script>&amp;",
        "safe\u202Eexe.fdp", "=cmd()|' /C calc'!A0", "line\nfeed\u0000", new string('n', 300), "\uD800 alone", "{{7*7}} <!-- -->",
    ];

    internal static readonly string[] Policies =
        ["fine-tune", "frozen", "frozen-train-bn", "frozen-cached", "from-layer1", "from-layer2", "from-layer3", "from-layer4", "probe-then-tune"];

    private static readonly int[] sizes = [16, 32, 64, 128];

    /// <summary>A report of so many environments, with environments side by side where there are several.</summary>
    internal static Report Of(int environments, Func<int, string>? name = null)
    {
        var all = Enumerable.Range(0, environments).Select(index => Environment($"machine-{index:D3}", name?.Invoke(index) ?? $"AMD EPYC {7000 + index}, AVX-512, 64 cores")).ToList();
        return new Report
        {
            Overview = new Overview
            {
                Settings = "resnet18, 32 px, batch 128",
                Machines = [.. all.Select(environment => Machine(environment.Name, [environment.Id]))],
                Training = all.Count == 0 ? null : all[0].Accuracies[0],
                TrainedOn = all.Count == 0 ? null : all[0].Name,
                Sentences = ["Freezing the backbone makes an epoch 7.9x faster.", "After 5 epochs frozen has a test accuracy 1.0 points lower.", "In the 20.0 s that 5 epochs of frozen take, fine-tune ends 2 epochs."],
            },
            Environments = all,
            Matrices = environments < 2 ? [] :
            [
                new Matrix { Settings = "resnet18, 32 px, batch 64", Rows = [.. all.Select(environment => new MatrixRow(environment.Id, environment.Name, environment.Times[0].Policies))] },
            ],
        };
    }

    /// <summary>A report in which every text that a file could hold is <paramref name="text"/>.</summary>
    internal static Report AllTexts(string text)
    {
        var origin = Origin(text, 9) with { RunIds = [text], Commits = [text] };
        var figure = new Figure { Value = 12.5, Lower = 11, Upper = 14, Origin = origin };
        PolicyTimes times = new()
        {
            Policy = text,
            EpochMs = figure,
            SpeedUp = figure,
            DepthBackwardMs = figure,
            BackwardShare = 0.5,
            Phases = [new(text, figure), new("backward", figure)],
        };
        PolicyAccuracy accuracy = new()
        {
            Policy = text,
            Seeds = [1, 2],
            Points = [new(1, 0.5, 0.4, 0.6, 3), new(2, 0.7, 0.6, 0.8, 6)],
            FinalAccuracy = figure with { Value = 0.7, Lower = 0.6, Upper = 0.8 },
            TrainTimeS = figure,
            FirstEpochS = figure,
        };
        EnvironmentReport environment = new()
        {
            Id = text,
            Name = text,
            Facts = [new(text, text)],
            Answer = text,
            Times = [new TimeGroup { Settings = text, Policies = [times, times], Others = [new OtherTime(text, null, text, figure)], KernelGains = [new KernelGain(text, text, figure)] }, new TimeGroup { Settings = text, Policies = [times], Others = [] }],
            Accuracies = [new AccuracyGroup { Settings = text, Classes = 10, Policies = [accuracy, accuracy] }],
            Scaling = [new ScalingSeries { Settings = text, Policy = text, Size = text, Points = [new(32, figure), new(64, figure)] }],
            DisturbedRuns = [new(text, text)],
        };
        MachineEpoch epoch = new() { Policy = text, Kernels = KernelKind.Fast, EpochMs = figure, ImagesPerS = figure, SpeedUp = figure, PeakMemoryBytes = figure, BackwardShare = 0.5 };
        return new Report
        {
            Overview = new Overview
            {
                Settings = text,
                Machines = [new MachineRow { Name = text, EnvironmentIds = [text], Epochs = [epoch, epoch with { Policy = "fine-tune" }, epoch with { Policy = "frozen" }], Twins = [new TwinRatio(text, "frozen", KernelKind.Fast, figure)] }],
                Training = environment.Accuracies[0],
                TrainedOn = text,
                Sentences = [text],
                Notes = [text],
            },
            Environments = [environment, environment],
            Matrices = [new Matrix { Settings = text, Rows = [new MatrixRow(text, text, [times]), new MatrixRow(text, text, [times])] }],
        };
    }

    /// <summary>A machine of the first table, with a twin.</summary>
    internal static MachineRow Machine(string name, IReadOnlyList<string> ids, double factor = 1, bool plain = false)
    {
        Figure Figure(double value) => new() { Value = value * factor, Lower = value * factor * 0.97, Upper = value * factor * 1.04, Origin = Origin(ids[0], 3) };
        MachineEpoch Epoch(string policy, KernelKind kernels, double ms) => new()
        {
            Policy = policy,
            Kernels = kernels,
            EpochMs = Figure(ms),
            ImagesPerS = Figure(1_024_000 / ms / factor / factor),
            SpeedUp = policy == "fine-tune" ? null : Figure(7.9 / factor),
            PeakMemoryBytes = Figure(5e8 / factor),
            BackwardShare = 0.6,
        };
        return new MachineRow
        {
            Name = name,
            EnvironmentIds = ids,
            Epochs =
            [
                Epoch("fine-tune", KernelKind.Fast, 1500), Epoch("frozen", KernelKind.Fast, 300),
                .. plain ? [Epoch("fine-tune", KernelKind.Plain, 2900), Epoch("frozen", KernelKind.Plain, 520)] : Array.Empty<MachineEpoch>(),
            ],
            Twins = [new TwinRatio("pytorch 2.6.0", "frozen", KernelKind.Fast, Figure(1.8 / factor))],
        };
    }

    /// <summary>One environment with times, two groups of accuracies (the second disturbed) and a scaling series.</summary>
    internal static EnvironmentReport Environment(string id, string name) => new()
    {
        Id = id,
        Name = name,
        Facts = [new("CPU", "AMD EPYC"), new("operating system", "Debian 12"), new("libtorch", "2.10.0")],
        Answer = "frozen is 7.9x (7.6 to 8.2) faster per epoch than fine-tune at 32 px, batch 64; accuracy: not measured here.",
        Times = [Times(id, "resnet18, random weights, 32 px, batch 64", 1), Times(id, "resnet18, random weights, 64 px, batch 64", 4)],
        Accuracies = [Accuracies(id, "ants-bees, 224 px", disturbed: false), Accuracies(id, "cifar10, 128 px", disturbed: true)],
        Scaling = [Series(id, "fine-tune", 240), Series(id, "frozen", 1900)],
        DisturbedRuns = [new("20260102T030405Z-0011aabb", "a build ran beside it")],
    };

    /// <summary>An origin of one run.</summary>
    internal static Origin Origin(string id, int count, NoiseVerdict noise = NoiseVerdict.Quiet, bool disturbed = false) => new()
    {
        EnvironmentId = id,
        RunIds = ["20260102T030405Z-0011aabb"],
        Commits = ["0123456789abcdef0123456789abcdef01234567"],
        Date = new DateOnly(2026, 1, 2),
        Count = count,
        Noise = noise,
        Throttled = false,
        Dirty = false,
        Disturbed = disturbed,
    };

    private static TimeGroup Times(string id, string settings, double factor)
    {
        double[] epochs = [2131, 268, 283, 2.07, 2153, 2119, 1754, 1594, 700];
        Figure Time(double ms, int index) => new() { Value = ms, Lower = ms * 0.98, Upper = ms * 1.03, Origin = Origin(id, 9, index switch { 1 => NoiseVerdict.Noisy, 2 => NoiseVerdict.VeryNoisy, _ => NoiseVerdict.Quiet }) };
        return new TimeGroup
        {
            Settings = settings,
            Policies = [.. Policies.Select((policy, index) => new PolicyTimes
            {
                Policy = policy,
                EpochMs = Time(factor * epochs[index], index),
                ImagesPerS = Time(512_000 / epochs[index] / factor, index),
                SpeedUp = Time(2131 / epochs[index], index),
                StepMs = Time(factor * epochs[index] / 8, index),
                DepthBackwardMs = index == 3 ? null : Time(factor * epochs[index] / 9, index),
                DepthStepMs = index == 3 ? null : Time(factor * epochs[index] / 7, index),
                PeakMemoryBytes = Time(6e8, index),
                Phases = [new("data", Time(1, index)), new("forward", Time(35, index)), new("backward", Time(epochs[index] / 9, index)), new("optimizer", Time(9, index))],
                BackwardShare = 0.8,
            })],
            Others = [new OtherTime("frozen-cached", null, "feature_extraction", Time(258, 0))],
        };
    }

    private static AccuracyGroup Accuracies(string id, string settings, bool disturbed) => new()
    {
        Settings = settings,
        Classes = 2,
        Policies = [.. Policies.Take(5).Select((policy, index) => new PolicyAccuracy
        {
            Policy = policy,
            Seeds = [1, 2, 3],
            Points = [.. Enumerable.Range(1, 5).Select(epoch => new EpochPoint(epoch, 0.8 + 0.03 * epoch - 0.01 * index, 0.78 + 0.03 * epoch - 0.01 * index, 0.82 + 0.03 * epoch - 0.01 * index, epoch * (index + 1) * 4.0))],
            FinalAccuracy = new Figure { Value = 0.95 - 0.01 * index, Lower = 0.92 - 0.01 * index, Upper = 0.97 - 0.01 * index, Origin = Origin(id, 3, NoiseVerdict.Unknown) },
            TrainTimeS = new Figure { Value = 20.0 * (index + 1), Origin = Origin(id, 3, NoiseVerdict.Unknown, disturbed) },
            FirstEpochS = new Figure { Value = 4.0 * (index + 1), Origin = Origin(id, 3, NoiseVerdict.Unknown, disturbed) },
        })],
    };

    private static ScalingSeries Series(string id, string policy, double rate) => new()
    {
        Settings = "resnet18, 32 px",
        Policy = policy,
        Size = "batch size",
        Points = [.. sizes.Select(size => new SizePoint(size, new Figure { Value = rate * size / (size + 16), Origin = Origin(id, 9) }))],
    };
}
