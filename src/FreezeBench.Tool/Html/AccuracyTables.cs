using FreezeBench.Results.Reports;
using FreezeBench.Tool.Elements;

namespace FreezeBench.Tool.Html;

/// <summary>Tables of trained accuracies, throughputs by size, and environments side by side.</summary>
internal static class AccuracyTables
{
    /// <summary>A row for each policy of a group of trainings.</summary>
    internal static Node Of(AccuracyGroup group)
    {
        var sources = new Sources();
        var accuracies = Tables.Sortable("Trained accuracies. Small print: 95 % bounds. Times are of training alone.",
            ["policy", "seeds", "epochs", "test accuracy, %", "top-5, %", "balanced accuracy, %", "first epoch, s", "a later one, s", "all epochs, s", $"energy of an epoch, J ({Marks.EnergySources(group.Policies.Select(policy => policy.EnergySource))})"],
            [.. group.Policies.Select(policy => (IReadOnlyList<Cell>)
            [
                Cell.OfPolicy(policy.Name()),
                Cell.Plain(policy.Seeds.Count, count => Numbers.Count((long)count)),
                Cell.Plain(policy.Points.Count == 0 ? null : policy.Points[^1].Epoch, epochs => Numbers.Count((long)epochs)),
                Cell.Of(policy.FinalAccuracy, sources, $"{policy.Name()}", "test accuracy", scale: 100, places: 1, withBounds: true),
                Cell.Of(AccuracyColumns.Top5(group, policy), sources, $"{policy.Name()}", "top-5 accuracy", scale: 100, places: 1, withBounds: true),
                Cell.Of(AccuracyColumns.Balanced(group, policy), sources, $"{policy.Name()}", "balanced accuracy", scale: 100, places: 1, withBounds: true),
                Cell.Of(policy.FirstEpochS, sources, $"{policy.Name()}", "first epoch"),
                Cell.Of(policy.LaterEpochS, sources, $"{policy.Name()}", "a later epoch"),
                Cell.Of(policy.TrainTimeS, sources, $"{policy.Name()}", "all epochs"),
                Cell.Of(policy.EpochEnergyJ, sources, $"{policy.Name()}", "energy of an epoch"),
            ])], sources);
        return AccuracyColumns.Classes(group) is { Count: > 0 } classes ? new Fragment(accuracies, ByClass(group, classes)) : accuracies;
    }

    /// <summary>A row for each class, a column for each policy of which they were counted.</summary>
    private static Node ByClass(AccuracyGroup group, IReadOnlyList<ClassAccuracy> classes)
    {
        var counted = group.Policies.Where(policy => policy.ClassAccuracies.Count == classes.Count).ToList();
        return Tables.Sortable("Class by class: the share of the test images that is correct, in %, mean over seeds", ["class", "training images", "test images", .. counted.Select(policy => $"{policy.Name()}")],
            [.. classes.Select((one, place) => (IReadOnlyList<Cell>)
            [
                Cell.Words(one.ClassName),
                Cell.Plain(one.TrainImages, count => Numbers.Count((long)count)),
                Cell.Plain(one.TestImages, count => Numbers.Count((long)count)),
                .. counted.Select(policy => Cell.Plain(100 * policy.ClassAccuracies[place].Accuracy, share => Numbers.Fixed(share, 1))),
            ])], null);
    }

    /// <summary>ML.NET's own way beside ours.</summary>
    internal static Node Of(MlNetGroup group)
    {
        var sources = new Sources();
        return Tables.Sortable("ML.NET's featurizer and trainers, and frozen-cached on the same images. Small print: 95 % bounds. The networks are not the same.",
            ["way", "network", "features, images/s", "network alone, images/s", "training of the head, s", "test accuracy, %"],
            [.. group.Ways.Select(way => (IReadOnlyList<Cell>)
            [
                Cell.Words(way.Name),
                Cell.Words(way.Network),
                Cell.Of(way.FeatureImagesPerS, sources, way.Name, "features"),
                Cell.Of(way.NetworkImagesPerS, sources, way.Name, "network alone"),
                Cell.Of(way.TrainTimeS, sources, way.Name, "training of the head"),
                Cell.Of(way.TestAccuracy, sources, way.Name, "test accuracy", scale: 100, places: 1, withBounds: true),
            ])], sources);
    }

    /// <summary>Throughput by size: a row for each policy and size.</summary>
    internal static Node Of(IReadOnlyList<ScalingSeries> series)
    {
        var sources = new Sources();
        return Tables.Sortable($"Throughput by {series[0].Size}", ["policy", series[0].Size, "images/s"],
            [.. series.SelectMany(one => one.Points.Select(point => (IReadOnlyList<Cell>)
            [
                Cell.OfPolicy(one.Name()),
                Cell.Plain(point.Size, size => Numbers.Count((long)size)),
                Cell.Of(point.ImagesPerS, sources, $"{one.Name()} at {point.Size}", "images/s", withBounds: true),
            ]))], sources);
    }

    /// <summary>Environments side by side: a row for each environment, a column for each policy, a table for each quantity.</summary>
    internal static Node Of(Matrix matrix)
    {
        var sources = new Sources();
        // In the order of the environments' own tables.
        var policies = matrix.Rows.SelectMany(row => row.Policies).Select(policy => policy.Name()).Distinct().InPolicyOrder(name => name).ToList();
        Node Quantity(string caption, string column, Func<PolicyTimes, Figure?> choose, bool last = false, int places = 15) => Tables.Sortable(caption, ["environment", .. policies.Select(name => $"{name}")],
            [.. matrix.Rows.Select(row => (IReadOnlyList<Cell>)
            [
                Cell.Words($"{row.Name} ({row.EnvironmentId})"),
                .. policies.Select(policy => Cell.Of(row.Policies.Where(times => times.Name() == policy).Select(choose).FirstOrDefault(), sources, null, column, places: places)),
            ])], last ? sources : null);
        return new Fragment(
            Quantity("Training throughput, images/s", "images/s", policy => policy.ImagesPerS),
            Quantity("Speed-up: the epoch of fine-tune divided by that of the policy, both of the row's own machine", "speed-up", policy => policy.SpeedUp, last: true, places: 2));
    }
}
