using System.Globalization;
using FreezeBench.Accuracy.Options;
using FreezeBench.Images.Sets;
using FreezeBench.Training;

namespace FreezeBench.Accuracy.Runs;

/// <summary>One training run of a command.</summary>
/// <param name="Strategy">What trains, and when.</param>
/// <param name="Seed">Decides everything random.</param>
/// <param name="Classes">Null: all.</param>
/// <param name="Epochs">1 or more.</param>
public sealed record PlannedRun(Strategy Strategy, int Seed, ClassSelection? Classes, int Epochs)
{
    /// <summary>What rows call a run on all classes.</summary>
    public const string AllClasses = "all";

    /// <summary>As rows name it.</summary>
    public string ClassSelection => Classes?.Text ?? AllClasses;

    /// <summary>Short, and different for every run of a command.</summary>
    public string Title => string.Create(CultureInfo.InvariantCulture, $"{Strategy.Name} seed {Seed}{(Classes is null ? "" : $" classes {Classes.Text}")}");

    /// <summary>Every run of a command: by class selection, then policy, then seed.</summary>
    public static IReadOnlyList<PlannedRun> All(AccuracySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return
        [
            .. from classes in settings.Classes
               from strategy in settings.Strategies
               from seed in settings.Seeds
               select new PlannedRun(strategy, seed, classes, settings.Epochs.For(strategy)),
        ];
    }
}
