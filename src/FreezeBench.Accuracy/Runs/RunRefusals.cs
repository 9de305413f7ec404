using FreezeBench.Accuracy.Options;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Programs;
using FreezeBench.Training;

namespace FreezeBench.Accuracy.Runs;

/// <summary>What is known to be impossible before a network is built.</summary>
internal static class RunRefusals
{
    /// <exception cref="Results.UserErrorException">A class is asked for that the images do not have, or more images of a class than it has.</exception>
    internal static void ThrowIfNoSuchClass(AccuracySettings settings, AccuracyData data)
    {
        foreach (var labels in settings.Classes.Select(classes => classes?.Resolve(data.Training)).ToList())
            foreach (var shots in settings.Shots.OfType<int>())
                FewShots.ThrowIfTooFew(data.Training, shots, labels);
    }

    /// <exception cref="Results.UserErrorException">Images or steps are of a size that a policy cannot train with.</exception>
    internal static void ThrowIfAny(AccuracySettings settings, AccuracyData data, RunSession session)
    {
        var resolutionPx = settings.ResolutionOf(data.Training);
        foreach (var strategy in settings.Strategies)
            NarrowImageRefusal.ThrowIfAny(settings.Network, data.Training.Classes, resolutionPx, strategy.LastPolicy, session.Precision, session.Device.Type);
        LoneImage.ThrowIfNormalised(
            settings.Network, settings.Strategies.SelectMany(strategy => settings.PhasesOf(strategy, Math.Max(2, settings.Epochs.For(strategy)))).Select(phase => phase.Policy), data.Training.Classes,
            resolutionPx, settings.Shots.Min() is { } fewest ? fewest * 2 : Math.Min(settings.TrainLimit ?? int.MaxValue, data.Training.Count), settings.BatchSize);
    }
}
