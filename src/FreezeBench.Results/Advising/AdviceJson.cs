using FreezeBench.Results.Statistics;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Advising;

/// <summary>An advice as one JSON object, snake case, full precision, for programs. Accuracies and distances are fractions, times seconds.</summary>
public static class AdviceJson
{
    /// <summary>Version of the layout; members are added, never renamed.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The object's text.</summary>
    public static string Write(Advice advice) => SnakeCaseJson.Of(new
    {
        SchemaVersion,
        advice.Options.WithinPoints,
        advice.Options.TimeBudgetS,
        Groups = advice.Groups.Select(group => new
        {
            group.EnvironmentId,
            group.Machine,
            group.Settings,
            group.TestImages,
            Verdict = group.IsDecided ? "decided" : "undecided",
            group.Doubts,
            Choice = Point(group.Choice),
            Best = Point(group.Best),
            InBudget = Point(group.InBudget),
            Ways = group.Ways.Select(Point),
            Frontier = group.Frontier.Select(Point),
            Overtaking = group.Overtaking is { } overtaking ? new
            {
                Frozen = Point(overtaking.Frozen),
                Overtakes = Point(overtaking.Overtakes),
                ForCertain = Point(overtaking.ForCertain),
                Tuned = Point(overtaking.Tuned),
                LeadFraction = Bounded(overtaking.Lead),
            } : null,
        }),
        advice.Refused,
        advice.LeftOut,
    });

    private static object? Point(AdvisedPoint? point) => point is null ? null : new
    {
        point.Name,
        point.Policy,
        Kernels = point.Kernels.Word(),
        point.Recipe,
        Epochs = point.Epoch,
        point.Seeds,
        AccuracyFraction = Bounded(point.Accuracy),
        point.TrainTimeS,
        TimeDisturbed = point.Disturbed,
        TimeWithoutExtraction = point.WithoutExtraction,
        BehindBestFraction = Bounded(point.BehindBest),
        Within = point.Reach switch { Reach.Within => "yes", Reach.Beyond => "no", _ => "undecided" },
    };

    private static object Bounded(BoundedEstimate estimate) => new { estimate.Value, estimate.Lower, estimate.Upper };
}
