using FreezeBench.Accuracy.Options;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Programs;
using FreezeBench.Training;

namespace FreezeBench.Accuracy.Runs;

/// <summary>What is known to be impossible before a network is built.</summary>
internal static class RunRefusals
{
    /// <exception cref="Results.UserErrorException">A class is asked for that the images do not have.</exception>
    internal static void ThrowIfNoSuchClass(AccuracySettings settings, AccuracyData data)
    {
        foreach (var classes in settings.Classes.OfType<ClassSelection>())
            classes.Resolve(data.Training);
    }

    /// <exception cref="Results.UserErrorException">Images or steps are of a size that a policy cannot train with.</exception>
    internal static void ThrowIfAny(AccuracySettings settings, AccuracyData data, RunSession session)
    {
        var resolutionPx = settings.ResolutionPx ?? data.Training.DefaultResolutionPx;
        foreach (var strategy in settings.Strategies)
            NarrowImageRefusal.ThrowIfAny(settings.Network, data.Training.Classes, resolutionPx, strategy.LastPolicy, session.Precision, session.Device.Type);
        LoneImage.ThrowIfNormalised(
            settings.Network, settings.Strategies.SelectMany(strategy => strategy.Phases(2)).Select(phase => phase.Policy), data.Training.Classes,
            resolutionPx, Math.Min(settings.TrainLimit ?? int.MaxValue, data.Training.Count), settings.BatchSize);
    }
}
