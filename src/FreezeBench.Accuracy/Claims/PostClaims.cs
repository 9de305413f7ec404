using System.Globalization;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Accuracy.Claims;

/// <summary>The claims of the blog post about ResNet-18 with ImageNet weights, checked against the rows of one command.</summary>
/// <remarks>The frozen side is <c>frozen</c>, or <c>frozen-cached</c> where only that was trained: its weights are the same.</remarks>
public static class PostClaims
{
    /// <summary>The accuracy that fine-tuning is said to reach.</summary>
    public const double FineTuned = 0.94;

    /// <summary>The accuracy that frozen is said to stay under.</summary>
    public const double FrozenBound = 0.90;

    /// <summary>How near is "close", as a fraction: two points.</summary>
    public const double Close = 0.02;

    // "After many": fewer epochs than this say nothing about staying under a bound.
    private const int SeveralEpochs = 3;
    private const int PostClasses = 10;

    /// <summary>Every claim with what was measured, in the post's order.</summary>
    public static IReadOnlyList<Claim> Check(IReadOnlyList<AccuracyRow> rows)
    {
        // The post trains in steps, on all images.
        List<AccuracyRow> Of(string policy) => [.. rows.Where(row => row.Policy == policy && row is { Head: HeadKind.Sgd, Shots: null })];
        var (fine, frozen, cached) = (Of("fine-tune"), Of("frozen"), Of("frozen-cached"));
        var head = frozen is [] ? cached : frozen;
        var counts = fine.Select(row => row.Classes).Intersect(head.Select(row => row.Classes)).Order().ToList();
        return [AfterOneEpoch(fine), StaysUnder(head), Cheaper(fine, frozen, cached), GapGrows(fine, head, counts), CloseWithTwo(fine, head)];
    }

    private static Claim AfterOneEpoch(List<AccuracyRow> fine)
    {
        const string Statement = "10 classes: fine-tuned for one epoch, test accuracy is about 94 %";
        var outcome = Outcome.Of([.. fine.Where(row => row.Classes == PostClasses && row.Epoch == 1)]);
        // "About 94 %" is what rounds to it, or more.
        return outcome is null
            ? new Claim(Statement, "no fine-tune run on 10 classes", Verdict.NotMeasured)
            : new Claim(Statement, Shown(outcome), Beyond(outcome.Mean - (FineTuned - 0.005), outcome.StandardError));
    }

    private static Claim StaysUnder(List<AccuracyRow> head)
    {
        const string Statement = "10 classes: frozen stays under 90 % after several epochs";
        var outcome = Last([.. head.Where(row => row.Classes == PostClasses)]);
        return outcome is null || outcome.Epoch < SeveralEpochs
            ? new Claim(Statement, outcome is null ? "no frozen run on 10 classes" : $"{Number(outcome.Epoch)} epochs are not several ({Number(SeveralEpochs)})", Verdict.NotMeasured)
            : new Claim(Statement, $"{Shown(outcome)} after epoch {Number(outcome.Epoch)}", Beyond(FrozenBound - outcome.Mean, outcome.StandardError));
    }

    private static Claim Cheaper(List<AccuracyRow> fine, List<AccuracyRow> frozen, List<AccuracyRow> cached)
    {
        const string Statement = "a frozen epoch is cheaper than a fine-tuning epoch";
        List<string> parts = [];
        var ratios = new List<double>();
        // Times beside which other programs were busy are no measure of either.
        if (fine.Count > 0 && (frozen.Count > 0 || cached.Count > 0) && (Quiet(fine) is [] || (Quiet(frozen) is [] && Quiet(cached) is [])))
            return new Claim(Statement, "other programs were busy beside the runs, so that their times are wrong", Verdict.NotMeasured);
        (fine, frozen, cached) = (Quiet(fine), Quiet(frozen), Quiet(cached));
        foreach (var (name, rows) in new[] { ("frozen", frozen), ("frozen-cached, extraction included,", cached) })
        {
            // Per image, since runs on fewer classes have fewer of them; the first epoch where features are extracted in it. What an
            // earlier run had extracted is not what a first run costs.
            var (theirs, ours) = (SecondsPerImage(fine), name == "frozen" ? SecondsPerImage(rows) : SecondsPerImage([.. rows.Where(row => row.Epoch == 1 && row.FeatureCache != AccuracyRow.FeaturesFromDisk)]));
            if (theirs is null || ours is null)
                continue;
            ratios.Add(theirs.Value / ours.Value);
            parts.Add($"{name} {(theirs.Value / ours.Value).ToString("0.0", CultureInfo.InvariantCulture)}x cheaper");
        }
        return ratios is []
            ? new Claim(Statement, "not both were trained", Verdict.NotMeasured)
            : new Claim(Statement, string.Join("; ", parts), ratios.All(ratio => ratio > 1) ? Verdict.Held : Verdict.DidNotHold);
    }

    private static List<AccuracyRow> Quiet(List<AccuracyRow> rows) => rows.FindAll(row => !row.IsDisturbed());

    private static Claim GapGrows(List<AccuracyRow> fine, List<AccuracyRow> head, List<int> counts)
    {
        const string Statement = "the gap between the two grows with the number of classes";
        if (counts.Count < 2)
            return new Claim(Statement, "needs runs on two numbers of classes, such as --classes 2,3,10", Verdict.NotMeasured);
        var gaps = counts.Select(count => (Count: count, Fine: Last([.. fine.Where(row => row.Classes == count)])!, Head: Last([.. head.Where(row => row.Classes == count)])!)).ToList();
        var measured = string.Join(", ", gaps.Select(gap => $"{Number(gap.Count)} classes {Points(gap.Fine.Mean - gap.Head.Mean, gap.Fine.ErrorWith(gap.Head))}"));
        var (few, many) = (gaps[0], gaps[^1]);
        var growth = many.Fine.Mean - many.Head.Mean - (few.Fine.Mean - few.Head.Mean);
        var error = Math.Sqrt(Math.Pow(many.Fine.ErrorWith(many.Head), 2) + Math.Pow(few.Fine.ErrorWith(few.Head), 2));
        return new Claim(Statement, measured, Beyond(growth, error));
    }

    private static Claim CloseWithTwo(List<AccuracyRow> fine, List<AccuracyRow> head)
    {
        const string Statement = "with two classes the two are close (within 2 points)";
        var (ours, theirs) = (Last([.. fine.Where(row => row.Classes == 2)]), Last([.. head.Where(row => row.Classes == 2)]));
        return ours is null || theirs is null
            ? new Claim(Statement, "not both were trained on two classes", Verdict.NotMeasured)
            : new Claim(
                Statement, $"fine-tune {Shown(ours)}, frozen {Shown(theirs)}: gap {Points(ours.Mean - theirs.Mean, ours.ErrorWith(theirs))}",
                Beyond(Close - Math.Abs(ours.Mean - theirs.Mean), ours.ErrorWith(theirs)));
    }

    private static Verdict Beyond(double margin, double standardError) =>
        Math.Abs(margin) < 2 * standardError ? Verdict.Undecided : margin > 0 ? Verdict.Held : Verdict.DidNotHold;

    /// <summary>After the last epoch that all seeds have.</summary>
    private static Outcome? Last(List<AccuracyRow> rows)
    {
        if (rows is [])
            return null;
        var epoch = rows.GroupBy(row => row.Seed).Min(seed => seed.Max(row => row.Epoch));
        return Outcome.Of([.. rows.Where(row => row.Epoch == epoch)]);
    }

    private static double? SecondsPerImage(List<AccuracyRow> rows) =>
        rows is [] ? null : SampleSummary.Of([.. rows.Select(row => row.TrainTimeS / row.TrainTotal)]).Median;

    private static string Shown(Outcome outcome) => $"{Percent(outcome.Mean)} (n = {Number(outcome.Seeds)})";

    private static string Points(double gap, double error) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * gap:+0.0;-0.0} ± {200 * error:0.0} points");

    private static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:0.0} %");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
