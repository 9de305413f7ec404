using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Reports;

/// <summary>Fine-tune against frozen in one group of trainings: after as many epochs, and in as much time.</summary>
/// <remarks>
/// frozen-cached stands in where frozen was not trained: its features are the same. No conclusion is drawn from less than
/// <see cref="FewestImagesSeen"/> training images seen by each side, from less than <see cref="FewestTestImages"/> test images, from made-up
/// images, or from random weights, whose frozen features nobody would train a head on. Bounds: Welch's from two seeds a side on, else those of two
/// independent proportions.
/// </remarks>
internal sealed class TrainingComparison
{
    /// <summary>Training images times epochs, on each side.</summary>
    internal const int FewestImagesSeen = 1000;

    internal const int FewestTestImages = 100;

    private const string Baseline = "fine-tune";

    private static readonly string[] frozenPolicies = ["frozen", "frozen-cached"];

    private readonly AccuracyPart part;
    private readonly PolicyAccuracy frozen;
    private readonly PolicyAccuracy tuned;

    private TrainingComparison(AccuracyPart part, PolicyAccuracy frozen, PolicyAccuracy tuned) => (this.part, this.frozen, this.tuned) = (part, frozen, tuned);

    /// <summary>The one that says most of accuracy: of the most training images, then seeds, classes, resolution, policies, and of equals one whose times count too; null for none. What disturbs a time changes no accuracy.</summary>
    internal static TrainingComparison? Best(IEnumerable<TrainingComparison> all) => all
        .OrderByDescending(one => one.part.Key.TrainTotal).ThenByDescending(one => Math.Min(one.frozen.Seeds.Count, one.tuned.Seeds.Count)).ThenByDescending(one => one.part.Key.Classes)
        .ThenByDescending(one => one.part.Key.ResolutionPx).ThenByDescending(one => one.part.Group.Policies.Count).ThenByDescending(one => one.HasTimes).ThenBy(one => one.part.Group.Settings, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The same among those whose times count on both sides.</summary>
    internal static TrainingComparison? BestTimed(IEnumerable<TrainingComparison> all) => Best(all.Where(one => one.HasTimes));

    /// <summary>Why no group of an environment allows a conclusion, in words that follow "accuracy: ".</summary>
    internal static string WhyNot(IReadOnlyCollection<AccuracyPart> parts, IEnumerable<DivergedRun> diverged)
    {
        // Trained it was, and nobody is to take the other side's figure for an answer.
        if (diverged.Where(run => run.Policy == Baseline || frozenPolicies.Contains(run.Policy)).Select(run => run.Policy).Distinct().ToList() is { Count: > 0 } lost)
            return $"no comparison, since {string.Join(" and ", lost)} diverged: its loss was no number any more";
        if (parts.Count == 0)
            return "not measured here";
        if (!parts.Any(one => Pair(one) is not null))
            return "frozen and fine-tune were not both trained on the same images here";
        return parts.Where(one => Pair(one) is not null).All(one => one.Key.Weights == RandomWeights)
            ? "trained from random weights alone here, which says nothing about transfer"
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"too little was trained here for a conclusion ({FewestImagesSeen} training images seen and {FewestTestImages} real test images are the least)");
    }

    /// <summary>The comparison within a group; null where the group does not allow one.</summary>
    internal static TrainingComparison? Of(AccuracyPart part)
    {
        if (Refusal(part.Key) is not null || Pair(part) is not ({ } frozen, { } tuned))
            return null;
        return SawEnough(Math.Min(frozen.Points.Count, tuned.Points.Count), part.Key) ? new TrainingComparison(part, frozen, tuned) : null;
    }

    /// <summary>Why nothing is concluded from trainings like these, however long, in words; null where something may be.</summary>
    internal static string? Refusal(AccuracyKey key) => key.Weights == RandomWeights ? "trained from random weights, which says nothing about transfer"
        : key.Dataset == MadeUpImages ? "trained on made-up images"
        : key.TestTotal < FewestTestImages ? $"{Numbers.Count(key.TestTotal)} test images, of {Numbers.Count(FewestTestImages)} that a conclusion needs"
        : null;

    /// <summary>Whether a training of so many epochs saw as many images as a conclusion needs.</summary>
    internal static bool SawEnough(int epochs, AccuracyKey key) => epochs * (long)key.TrainTotal >= FewestImagesSeen;

    internal AccuracyGroup Group => part.Group;

    private const string RandomWeights = "random";

    private const string MadeUpImages = "synthetic";

    private bool HasTimes => !frozen.TrainTimeS.Origin.Disturbed && !tuned.TrainTimeS.Origin.Disturbed;

    /// <summary>"after 5 epochs frozen has a test accuracy 4.0 points lower (0.7 to 7.3) than fine-tune on … (n = 3)".</summary>
    internal string AtEqualEpochs
    {
        get
        {
            var epochs = Math.Min(frozen.Points.Count, tuned.Points.Count);
            var (sentence, isClear) = Difference(epochs, epochs);
            return $"after {Epochs(epochs)}{(frozen.Points.Count == tuned.Points.Count ? "" : " of either")} {frozen.Policy} has a test accuracy {sentence} than {Baseline} on {Images} ({Seeds}{(isClear ? "" : "; the bounds include no difference")}{Dirty})";
        }
    }

    /// <summary>The same within the training time of the side that took less; null where times say nothing.</summary>
    internal string? AtEqualTime
    {
        get
        {
            if (!HasTimes)
                return null;
            var (quick, slow) = frozen.Points[^1].TrainTimeS <= tuned.Points[^1].TrainTimeS ? (frozen, tuned) : (tuned, frozen);
            var budget = quick.Points[^1].TrainTimeS;
            var done = slow.Points.Count(point => point.TrainTimeS <= budget);
            // By name: the sentence about accuracy may be of other trainings, whose times say nothing.
            var time = $"in the {Numbers.Seconds(budget)} that {Epochs(quick.Points.Count)} of {quick.Policy} take on {Images}";
            if (done == 0)
                return $"{time}, {slow.Policy} does not end its first epoch, which takes {Numbers.Seconds(slow.Points[0].TrainTimeS)}";
            var (sentence, isClear) = ReferenceEquals(quick, frozen) ? Difference(quick.Points.Count, done) : Difference(done, quick.Points.Count);
            return $"{time}, {slow.Policy} ends {Epochs(done)}: then {frozen.Policy} has a test accuracy {sentence}{(isClear ? "" : "; the bounds include no difference")}";
        }
    }

    private string Images => $"{Numbers.Count(part.Key.TrainTotal)} training images of {part.Key.Dataset} with {Numbers.Count(part.Key.Classes)} classes at {Numbers.Count(part.Key.ResolutionPx)} px with {part.Key.Backbone}";

    private string Seeds => frozen.Seeds.Count == tuned.Seeds.Count
        ? $"n = {Numbers.Count(frozen.Seeds.Count)}"
        : $"n = {Numbers.Count(frozen.Seeds.Count)} and {Numbers.Count(tuned.Seeds.Count)}";

    private string Dirty => frozen.FinalAccuracy.Origin.Dirty || tuned.FinalAccuracy.Origin.Dirty ? "; code not committed" : "";

    private static string Epochs(int count) => count == 1 ? "1 epoch" : $"{Numbers.Count(count)} epochs";

    private (string Sentence, bool IsClear) Difference(int frozenEpoch, int tunedEpoch)
    {
        var (ofFrozen, ofTuned) = (part.Accuracies[frozen.Name()][frozenEpoch - 1], part.Accuracies[tuned.Name()][tunedEpoch - 1]);
        var (frozenMean, tunedMean) = (ofFrozen.Average(), ofTuned.Average());
        var bySeeds = ofFrozen.Count >= 2 && ofTuned.Count >= 2;
        if (!bySeeds && (frozenMean is not (>= 0 and <= 1) || tunedMean is not (>= 0 and <= 1)))
            return ($"{Numbers.Points(Math.Abs(frozenMean - tunedMean))} points {(frozenMean < tunedMean ? "lower" : "higher")}", false);
        var difference = bySeeds ? Mean.Difference(ofFrozen, ofTuned) : Proportion.Difference(frozenMean, part.Key.TestTotal, tunedMean, part.Key.TestTotal);
        var (lower, upper) = (difference.Lower!.Value, difference.Upper!.Value);
        return difference.Value < 0
            ? ($"{Numbers.Points(-difference.Value)} points lower{Numbers.Bounds(-100 * upper, -100 * lower, 1)}", upper < 0)
            : ($"{Numbers.Points(difference.Value)} points higher{Numbers.Bounds(100 * lower, 100 * upper, 1)}", lower > 0);
    }

    /// <summary>The frozen policy that was trained beside fine-tune, and with which kernels: fast ones before plain ones, since both train the same.</summary>
    private static (PolicyAccuracy Frozen, PolicyAccuracy Tuned)? Pair(AccuracyPart part)
    {
        foreach (var tuned in part.Group.Policies.Where(row => row.Policy == Baseline).OrderBy(row => row.Kernels == KernelKind.Plain))
        {
            foreach (var policy in frozenPolicies)
            {
                if (part.Group.Policies.FirstOrDefault(row => row.Policy == policy && row.Kernels == tuned.Kernels && row.Head == HeadKind.Sgd) is { } frozen)
                    return (frozen, tuned);
            }
        }
        return null;
    }
}
