using System.CommandLine;
using FreezeBench.Freezing;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Training;

namespace FreezeBench.Accuracy.Options;

/// <summary>What <c>--head</c>, <c>--shots</c>, <c>--learning-rate-decay</c> and <c>--unfreeze-every</c> do not go with.</summary>
internal static class HeadConflicts
{
    /// <summary>A message for each of them that no policy of the command could use, or that another option contradicts.</summary>
    /// <param name="options">The command line's options.</param>
    /// <param name="parsed">Their values.</param>
    /// <param name="strategies">What the command trains.</param>
    public static IEnumerable<string> Find(AccuracyOptions options, ParseResult parsed, IReadOnlyList<Strategy> strategies)
    {
        var names = string.Join(", ", strategies.Select(strategy => strategy.Name));
        var cached = FreezingPolicy.FrozenCached.Name;
        if (AccuracySettings.Valid(parsed, options.Heads) is { } heads && heads.Any(head => head != HeadKind.Sgd) && !strategies.Any(strategy => strategy.LastPolicy.CachesFeatures))
            yield return $"--head {string.Join(',', heads.Select(head => head.Word()))} finds a head on features that are computed once, which policy {cached} alone has; --policies is {names}. Add {cached} to --policies, or leave --head out.";
        if (AccuracySettings.Valid(parsed, options.LearningRateDecay) is not null && strategies.All(strategy => strategy.LastPolicy.BackboneFrozen))
            yield return $"--learning-rate-decay is of the backbone's stages, and no policy of {names} trains the backbone. Add one to --policies, such as fine-tune, or leave the option out.";
        if (AccuracySettings.Valid(parsed, options.UnfreezeEvery) is not null && !strategies.Any(strategy => strategy.Unfreezes))
            yield return $"--unfreeze-every is for fine-tune and from-STAGE, and --policies is {names}. Add one of them, or leave the option out.";
        if (AccuracySettings.Valid(parsed, options.Shots) is not null && AccuracySettings.Valid(parsed, options.TrainLimit) is { } limit)
            yield return FormattableString.Invariant($"--shots draws the same number of images of each class, and --train-limit {limit} every class in its share; leave one of them out.");
    }
}
