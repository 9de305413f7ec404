using System.Globalization;
using FreezeBench.Accuracy.Options;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Freezing;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Spectre.Console;
using TorchSharp;

namespace FreezeBench.Accuracy.Output;

/// <summary>Says before the first step what will be trained, with every default filled in.</summary>
public static class Announcement
{
    private const int MostNames = 20;

    /// <summary>Some lines.</summary>
    public static void Write(
        IAnsiConsole progress, AccuracySettings settings, InitialWeights weights, AccuracyData data, RunSession session, GitState git, int runs)
    {
        var resolutionPx = settings.ResolutionOf(data.Training);
        void Say(string name, string text) => progress.WriteLine($"{name,-11} {ForeignText.Shown(text, ForeignText.LongestLine)}");

        Say("device", session.Device.Description);
        Say("precision", session.Arithmetic);
        Say("network", $"{settings.Network}, {string.Join(" and ", settings.Kernels)} kernels, weights {weights.Name}, {string.Join(" and ", settings.Kernels.Select(kernels => settings.MemoryFormatOf(kernels, session.Device)).Distinct())}, {torch.get_num_threads()} threads");
        foreach (var line in WeightsText.Lines(weights))
            Say("", line);
        if (weights.Loaded?.HeadClasses is { } head && settings.Classes.Select(classes => classes?.Resolve(data.Training).Count ?? data.Training.Classes).Where(count => count != head).ToList() is { Count: > 0 } other)
            Say("", $"its head has {head} classes: for {string.Join(", ", other)} the head starts fresh");
        if (weights.File is null)
            progress.MarkupLineInterpolated($"[yellow]            The weights are random: accuracies say nothing about transfer, and a frozen backbone has learnt nothing. --weights imagenet has torchvision's.[/]");
        Say("images", $"{settings.DatasetLabel}: {data.Training.Count} to train on, {data.Test.Count} to test on, {resolutionPx} px");
        foreach (var skipped in data.Skipped)
            Say("", $"left out {skipped.Path}: {skipped.Reason}");
        if (data.Ignored.Count > 0)
            Say("", $"left out, as they are no images that are read: {string.Join(", ", data.Ignored.OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Value} {kind.Key}"))}");
        if (data.TrainedTestImages > 0)
            progress.MarkupLineInterpolated($"[yellow]            {data.TrainedTestImages} of the test images are among those to train on, to the last byte: their accuracy says nothing.[/]");
        foreach (var classes in settings.Classes)
            Say("classes", $"{(classes is null ? "" : $"{classes.Text}: ")}{Names([.. (classes?.Resolve(data.Training) ?? Enumerable.Range(0, data.Training.Classes)).Select(label => data.Training.ClassNames[label])])}");
        if (settings.Shots is not [null])
            Say("shots", $"{string.Join(", ", settings.Shots)} training images of each class, drawn by the seed");
        if (settings.TrainLimit is not null || settings.TestLimit is not null)
            Say("limits", $"{settings.TrainLimit?.ToString(CultureInfo.InvariantCulture) ?? "all"} training, {settings.TestLimit?.ToString(CultureInfo.InvariantCulture) ?? "all"} test images");
        if (settings.Strategies.SelectMany(strategy => strategy.Phases(2)).Any(phase => phase.Policy.CachesFeatures))
            Say("features", settings.FeatureFolder is { } folder ? $"kept in {folder}" : "kept nowhere: every run extracts its own");
        Say("training", $"batch {settings.BatchSize}{(settings.AutoBatch ? ", halved until it fits" : "")}, seeds {string.Join(", ", settings.Seeds)}; {runs} runs");
        if (Joined(settings, data) is { } joined)
            Say("", joined);
        foreach (var kind in settings.Strategies.Any(strategy => strategy.LastPolicy.CachesFeatures) ? settings.Heads.Where(kind => kind != HeadKind.Sgd) : [])
            Say("", $"{FreezingPolicy.FrozenCached.Name}, head {kind.Word()}: {(kind == HeadKind.Lbfgs ? "logistic regression, L2 strength chosen on a fifth of the training images" : "votes of the 200 nearest training images")}");
        foreach (var strategy in settings.Strategies.Where(strategy => !strategy.LastPolicy.CachesFeatures || settings.Heads.Contains(HeadKind.Sgd)))
        {
            var epochs = settings.Epochs.For(strategy);
            foreach (var phase in settings.PhasesOf(strategy, epochs))
            {
                var part = phase.Policy.Name == strategy.Name ? strategy.Name : $"{strategy.Name}: {phase.Policy.Name}";
                Say("", $"{part}, {phase.Epochs} {(phase.Epochs == 1 ? "epoch" : "epochs")}");
                Say("", "  " + SettingsText.Recipe(settings.RecipeFor(phase.RecipePolicy).Scaled(phase.RateFactor)));
            }
        }
        if (git.Dirty == true)
            progress.MarkupLineInterpolated($"[yellow]{RunSession.DirtyWarning}[/]");
    }

    // In the order of the labels, which is that of the head's outputs.
    private static string Names(IReadOnlyList<string> names) => names.Count <= MostNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more";

    // Of all classes: what a selection leaves is known when its run begins.
    private static string? Joined(AccuracySettings settings, AccuracyData data)
    {
        var images = Math.Min(settings.TrainLimit ?? int.MaxValue, data.Training.Count);
        return settings.Classes is [null] && settings.Shots is [null] && settings.BatchSize > 1 && images > settings.BatchSize && images % settings.BatchSize == 1
            ? $"{images} images leave one alone: it joins the step before, which has {settings.BatchSize + 1}"
            : null;
    }
}
