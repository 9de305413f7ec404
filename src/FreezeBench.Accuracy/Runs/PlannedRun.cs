using System.Globalization;
using FreezeBench.Accuracy.Options;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Training;

namespace FreezeBench.Accuracy.Runs;

/// <summary>One training run of a command.</summary>
/// <param name="Strategy">What trains, and when.</param>
/// <param name="Seed">Decides everything random.</param>
/// <param name="Classes">Null: all.</param>
/// <param name="Epochs">1 or more.</param>
/// <param name="Kernels">Whose layers.</param>
public sealed record PlannedRun(Strategy Strategy, int Seed, ClassSelection? Classes, int Epochs, KernelSet Kernels)
{
    /// <summary>How the head is found.</summary>
    public HeadKind Head { get; init; }

    /// <summary>Training images of each class; null: all.</summary>
    public int? Shots { get; init; }

    /// <summary>What rows call a run on all classes.</summary>
    public const string AllClasses = "all";

    /// <summary>As rows name it.</summary>
    public string ClassSelection => Classes?.Text ?? AllClasses;

    /// <summary>Short, and different for every run of a command.</summary>
    public string Title => string.Create(CultureInfo.InvariantCulture, $"{Strategy.Name} seed {Seed}{(Head == HeadKind.Sgd ? "" : $" head {Head.Word()}")}{(Shots is null ? "" : $" shots {Shots}")}{(Classes is null ? "" : $" classes {Classes.Text}")}{(Kernels == KernelSet.Fast ? "" : $" {Kernels.Name}")}");

    /// <summary>As rows name it.</summary>
    /// <param name="runId">The invocation.</param>
    public TrainingRunKey Key(string runId) => new(runId, Strategy.Name, Seed, ClassSelection, Kernels.Kind(), Head, Shots);

    /// <summary>Every run of a command: by kernels, then class selection, shots, policy, head, seed. A head that is not trained in steps has one epoch.</summary>
    public static IReadOnlyList<PlannedRun> All(AccuracySettings settings) =>
    [
        .. from kernels in settings.Kernels
           from classes in settings.Classes
           from shots in settings.Shots
           from strategy in settings.Strategies
           from head in strategy.LastPolicy.CachesFeatures ? settings.Heads : [HeadKind.Sgd]
           from seed in settings.Seeds
           select new PlannedRun(strategy, seed, classes, head == HeadKind.Sgd ? settings.Epochs.For(strategy) : 1, kernels) { Head = head, Shots = shots },
    ];
}
