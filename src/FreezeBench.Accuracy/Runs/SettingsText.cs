using System.Globalization;
using FreezeBench.Accuracy.Options;
using FreezeBench.Optimizing;
using FreezeBench.Programs;
using FreezeBench.Results.Rows;
using TorchSharp;

namespace FreezeBench.Accuracy.Runs;

/// <summary>A command in words, for its fingerprint.</summary>
public static class SettingsText
{
    /// <summary>Everything that decides what the runs of a command learn, and where: what must be equal to resume them.</summary>
    /// <param name="settings">The command's.</param>
    /// <param name="weights">That it starts from.</param>
    /// <param name="data">That it trains on.</param>
    /// <param name="session">With device, arithmetic and results folder.</param>
    /// <param name="stamp">With environment and commit.</param>
    /// <param name="checkpoints">Folder of the states. The results folder counts as it is seen from there: where both were moved or copied, as a matrix does with those of a
    /// cell that another node goes on with, the rows of the epochs before are still there.</param>
    public static IEnumerable<string> Facts(AccuracySettings settings, InitialWeights weights, AccuracyData data, RunSession session, RunStamp stamp, string checkpoints)
    {
        yield return $"{stamp.EnvironmentId} {stamp.Git.Commit} {session.Device.Name} {torch.get_num_threads()} {session.Arithmetic} {Path.GetRelativePath(checkpoints, session.ResultsFolder)}";
        yield return $"{weights.Name} {weights.Sha256} {data.Hash} {settings.DatasetLabel}";
        yield return $"{settings.Network.Name} {settings.MemoryFormat?.Name} {string.Join(',', settings.Kernels)} {settings.ResolutionPx} {settings.BatchSize} {settings.AutoBatch} {settings.TrainLimit} {settings.TestLimit} {settings.Deterministic}";
        yield return string.Create(CultureInfo.InvariantCulture, $"{settings.Target:R} {settings.ProbeEpochs} {settings.UnfreezeEvery}");
        foreach (var run in PlannedRun.All(settings))
        {
            yield return $"{run.Title} {run.Epochs}";
            foreach (var phase in settings.PhasesOf(run.Strategy, run.Epochs))
                yield return string.Create(CultureInfo.InvariantCulture, $"{phase.Policy.Name} {phase.Epochs} {phase.RateFactor:R} {Recipe(settings.RecipeFor(phase.RecipePolicy))}");
        }
    }

    /// <summary>A recipe in one line.</summary>
    public static string Recipe(Recipe recipe) => string.Create(
        CultureInfo.InvariantCulture,
        $"{recipe.Optimizer.Name} {recipe.Schedule.Name}, head {recipe.LearningRateHead:R}, backbone {recipe.LearningRateBackbone:R}{(recipe.LearningRateDecay is { } decay ? $" times {decay:R} a stage" : "")}, momentum {recipe.Momentum:R}, decay {recipe.WeightDecay:R}, smoothing {recipe.LabelSmoothing:R}, {recipe.Augmentation.Name}");
}
