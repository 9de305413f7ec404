using System.Globalization;
using FreezeBench.Accuracy.Options;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Programs;
using FreezeBench.Results.Machine;
using Spectre.Console;
using TorchSharp;

namespace FreezeBench.Accuracy.Output;

/// <summary>Says before the first step what will be trained, with every default filled in.</summary>
public static class Announcement
{
    /// <summary>Some lines.</summary>
    public static void Write(
        IAnsiConsole progress, AccuracySettings settings, InitialWeights weights, AccuracyData data, RunSession session, GitState git, int runs)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(session);
        var resolutionPx = settings.ResolutionPx ?? data.Training.DefaultResolutionPx;
        void Say(string name, string text) => progress.WriteLine($"{name,-11} {text}");

        Say("device", session.Device.Description);
        Say("precision", session.Arithmetic);
        Say("network", $"{settings.Backbone}, weights {weights.Name}, {settings.MemoryFormat}, {torch.get_num_threads()} threads");
        if (weights.HeadClasses is { } head && settings.Classes.Select(classes => classes?.Resolve(data.Training).Count ?? data.Training.Classes).Where(count => count != head).ToList() is { Count: > 0 } other)
            Say("", $"its head has {head} classes: for {string.Join(", ", other)} the head starts fresh");
        Say("images", $"{settings.DatasetLabel}: {data.Training.Count} to train on, {data.Test.Count} to test on, {resolutionPx} px");
        foreach (var skipped in data.Skipped)
            Say("", $"left out {skipped.Path}: {skipped.Reason}");
        if (settings.Classes.Any(classes => classes is not null))
            Say("classes", string.Join("; ", settings.Classes.Select(classes => classes!.Text)));
        if (settings.TrainLimit is not null || settings.TestLimit is not null)
            Say("limits", $"{settings.TrainLimit?.ToString(CultureInfo.InvariantCulture) ?? "all"} training, {settings.TestLimit?.ToString(CultureInfo.InvariantCulture) ?? "all"} test images");
        if (settings.Strategies.SelectMany(strategy => strategy.Phases(2)).Any(phase => phase.Policy.CachesFeatures))
            Say("features", settings.FeatureFolder is { } folder ? $"kept in {folder}" : "kept nowhere: every run extracts its own");
        Say("training", $"batch {settings.BatchSize}{(settings.AutoBatch ? ", halved until it fits" : "")}, seeds {string.Join(", ", settings.Seeds)}; {runs} runs");
        foreach (var strategy in settings.Strategies)
        {
            var epochs = settings.Epochs.For(strategy);
            foreach (var phase in strategy.Phases(epochs, settings.ProbeEpochs))
            {
                var part = phase.Policy.Name == strategy.Name ? strategy.Name : $"{strategy.Name}: {phase.Policy.Name}";
                Say("", $"{part}, {phase.Epochs} {(phase.Epochs == 1 ? "epoch" : "epochs")}");
                Say("", "  " + SettingsText.Recipe(settings.Recipes.For(phase.Policy).Scaled(phase.RateFactor)));
            }
        }
        if (git.Dirty == true)
            progress.MarkupLineInterpolated($"[yellow]{RunSession.DirtyWarning}[/]");
    }
}
