using FreezeBench.Results.Reports;
using FreezeBench.Results.Statistics;
using ScottPlot;

namespace FreezeBench.Tool.Plots;

/// <summary>Plots of a group of trained accuracies. Times that other work disturbed are in none.</summary>
internal static class AccuracyPlots
{
    private const int Height = 290;

    /// <summary>On the first screen, which has a table below the picture.</summary>
    private const int FirstHeight = 236;

    /// <summary>Ratio of the largest time to the smallest above which times get a logarithmic axis.</summary>
    private const double LogAbove = 12;

    private static readonly PixelPadding padding = new(44, EndLabels.Room, 40, 24);

    /// <summary>Test accuracy by epoch; null where no policy has two epochs.</summary>
    internal static Picture? ByEpoch(AccuracyGroup group, int height = Height) => group.Policies.Any(policy => policy.Points.Count > 1)
        ? Curves(group.Policies, EpochAxis(group.Policies.SelectMany(policy => policy.Points).Max(point => point.Epoch)),
            point => point.Epoch, $"Test accuracy after each epoch{Bands(group.Policies)}", withNumbers: true, height)
        : null;

    /// <summary>Test accuracy by seconds of training; null where no policy has two epochs and times that count.</summary>
    internal static Picture? ByTime(AccuracyGroup group, int height = Height)
    {
        var policies = group.Policies.Where(policy => !policy.TrainTimeS.Origin.Disturbed && policy.Points.All(point => point.TrainTimeS > 0)).ToList();
        return policies.Any(policy => policy.Points.Count > 1)
            ? Curves(policies, TimeAxis("training time, s", policies.SelectMany(policy => policy.Points.Select(point => point.TrainTimeS))), point => point.TrainTimeS,
                $"Test accuracy by training time, evaluation apart{Bands(policies)}{LeftOut(group, policies.Count)}", withNumbers: false, height)
            : null;
    }

    /// <summary>Accuracy against cost for the first screen: a line of epochs for each policy where epochs and times allow it, else a point for each.</summary>
    /// <param name="group">The trainings.</param>
    /// <param name="machine">Where they ran.</param>
    internal static Picture? ByCost(AccuracyGroup group, string machine) => (ByTime(group, FirstHeight) ?? Frontier(group, FirstHeight) ?? ByEpoch(group, FirstHeight)) is { } picture
        ? picture with { Caption = $"{picture.Caption} ({string.Join(", ", group.Settings.Split(", ").Take(6))}; {machine})" }
        : null;

    /// <summary>Accuracy against the cost of the whole training, with the line of policies that no other beats in both; null
    /// for fewer than two policies.</summary>
    internal static Picture? Frontier(AccuracyGroup group, int height = Height)
    {
        var policies = group.Policies.Where(policy => !policy.TrainTimeS.Origin.Disturbed && policy.TrainTimeS.Value > 0).ToList();
        if (policies.Count < 2)
            return null;
        var x = TimeAxis("training time of all epochs, s", policies.Select(policy => policy.TrainTimeS.Value));
        var y = AccuracyAxis(policies.SelectMany(policy => new[] { policy.FinalAccuracy.Value, policy.FinalAccuracy.Lower ?? policy.FinalAccuracy.Value, policy.FinalAccuracy.Upper ?? policy.FinalAccuracy.Value }));
        var canvas = new Canvas(height, padding, x, y);
        canvas.Axes();
        var best = ParetoLine.Of(policies, policy => policy.TrainTimeS.Value, policy => policy.FinalAccuracy.Value);
        for (var index = 1; index < best.Count; index++)
        {
            var (from, to) = (best[index - 1], best[index]);
            canvas.Line([from.TrainTimeS.Value, to.TrainTimeS.Value, to.TrainTimeS.Value], [from.FinalAccuracy.Value, from.FinalAccuracy.Value, to.FinalAccuracy.Value], Palette.Frontier);
        }
        foreach (var policy in policies)
        {
            if (policy.FinalAccuracy is { Lower: { } lower, Upper: { } upper })
                canvas.Bound((policy.TrainTimeS.Value, lower), (policy.TrainTimeS.Value, upper), Palette.Policy(policy.Name()));
            canvas.Mark(policy.TrainTimeS.Value, policy.FinalAccuracy.Value, policy.Name());
        }
        EndLabels.Write(canvas, policies.Select(policy => (policy.Name(), canvas.Pixel(policy.TrainTimeS.Value, policy.FinalAccuracy.Value).Y)), height - padding.Bottom);
        return new Picture
        {
            Caption = $"What accuracy costs: final test accuracy with 95 % bounds by the training time of all epochs; the dotted line joins the policies that no other beats in both{LeftOut(group, policies.Count)}",
            Description = $"No other policy is both faster and more accurate than: {string.Join(", ", best.Select(policy => policy.Name()))}. {string.Join(" ", policies.Select(policy => $"{policy.Name()}: {Numbers.Percent(policy.FinalAccuracy.Value)} in {Numbers.Seconds(policy.TrainTimeS.Value)}."))}",
            Canvas = canvas,
        };
    }

    private static Picture Curves(IReadOnlyList<PolicyAccuracy> policies, Axis x, Func<EpochPoint, double> at, string caption, bool withNumbers, int height)
    {
        var shown = policies.Where(policy => policy.Points.Count > 0).ToList();
        var canvas = new Canvas(height, padding, x, AccuracyAxis(shown.SelectMany(policy => policy.Points.SelectMany(point => new[] { point.LowestAccuracy, point.HighestAccuracy }))));
        canvas.Axes();
        foreach (var policy in shown.Where(policy => policy.Seeds.Count > 1 && policy.Points.Count > 1))
            canvas.Band([.. policy.Points.Select(at)], [.. policy.Points.Select(point => point.LowestAccuracy)], [.. policy.Points.Select(point => point.HighestAccuracy)], Palette.Policy(policy.Name()));
        foreach (var policy in shown)
        {
            if (policy.Points.Count > 1)
                canvas.Line([.. policy.Points.Select(at)], [.. policy.Points.Select(point => point.MeanAccuracy)], Palette.Policy(policy.Name()));
            foreach (var point in policy.Points.Count <= 20 ? policy.Points : [policy.Points[^1]])
                canvas.Mark(at(point), point.MeanAccuracy, policy.Name());
        }
        EndLabels.Write(canvas, shown.Select(policy => (policy.Name(), canvas.Pixel(at(policy.Points[^1]), policy.Points[^1].MeanAccuracy).Y)), height - padding.Bottom);
        return new Picture
        {
            Caption = caption,
            Description = string.Join(" ", shown.Select(policy => $"{policy.Name()}: from {Numbers.Percent(policy.Points[0].MeanAccuracy)} to {Numbers.Percent(policy.Points[^1].MeanAccuracy)} after epoch {policy.Points[^1].Epoch}.")),
            Canvas = canvas,
            Heads = ["policy", "epoch", "mean, %", "lowest seed, %", "highest seed, %", "training time, s"],
            Rows = withNumbers ? [.. shown.SelectMany(policy => policy.Points.Select(point => Row(policy, point)))] : [],
        };
    }

    private static IReadOnlyList<string> Row(PolicyAccuracy policy, EpochPoint point) =>
    [
        $"{policy.Name()}", Numbers.Count(point.Epoch), Numbers.Points(point.MeanAccuracy), Numbers.Points(point.LowestAccuracy), Numbers.Points(point.HighestAccuracy),
        // What was disturbed is told without its time, as in the plots.
        policy.TrainTimeS.Origin.Disturbed ? Numbers.Missing : Numbers.Significant(point.TrainTimeS),
    ];

    private static string Bands(IEnumerable<PolicyAccuracy> policies) =>
        policies.Any(policy => policy.Seeds.Count > 1) ? "; bands run from the lowest seed to the highest" : "";

    private static string LeftOut(AccuracyGroup group, int shown) => group.Policies.Count == shown ? ""
        : $"; left out, because their times were disturbed: {string.Join(", ", group.Policies.Where(policy => policy.TrainTimeS.Origin.Disturbed).Select(policy => policy.Name()))}";

    private static Axis TimeAxis(string label, IEnumerable<double> seconds)
    {
        var sorted = seconds.Order().ToList();
        return sorted[^1] / sorted[0] > LogAbove ? Axis.Log($"{label} (logarithmic)", sorted[0], sorted[^1]) : Axis.Linear(label, 0, sorted[^1]);
    }

    private static Axis AccuracyAxis(IEnumerable<double> fractions)
    {
        var sorted = fractions.Order().ToList();
        return Axis.Linear("test accuracy, %", sorted[0], sorted[^1], 5, value => Numbers.Significant(Math.Round(100 * value, 6), 4).TrimZeros());
    }

    private static string TrimZeros(this string number) => number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;

    /// <summary>From the first epoch to the last, with ticks at the first and at round ones; never between epochs.</summary>
    private static Axis EpochAxis(int last)
    {
        var step = Math.Max((int)Axis.Step(last / 8.0), 1);
        var epochs = Enumerable.Range(1, last).Where(epoch => epoch == 1 || epoch % step == 0);
        return new Axis { Label = "epoch", Start = 1, End = last, Ticks = [.. epochs.Select(epoch => ((double)epoch, Numbers.Count(epoch)))] };
    }
}
