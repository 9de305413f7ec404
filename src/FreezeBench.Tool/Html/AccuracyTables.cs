using FreezeBench.Results.Reports;

namespace FreezeBench.Tool.Html;

/// <summary>Tables of trained accuracies, throughputs by size, and environments side by side.</summary>
internal static class AccuracyTables
{
    /// <summary>A row for each policy of a group of trainings.</summary>
    internal static Node Of(AccuracyGroup group)
    {
        var sources = new Sources();
        return Tables.Sortable("Trained accuracies. Small print: 95 % bounds. Times are of training alone.",
            ["policy", "seeds", "epochs", "test accuracy, %", "first epoch, s", "a later one, s", "all epochs, s"],
            [.. group.Policies.Select(policy => (IReadOnlyList<Cell>)
            [
                Cell.OfPolicy(policy.Policy),
                Cell.Plain(policy.Seeds.Count, count => Numbers.Count((long)count)),
                Cell.Plain(policy.Points.Count == 0 ? null : policy.Points[^1].Epoch, epochs => Numbers.Count((long)epochs)),
                Cell.Of(policy.FinalAccuracy, sources, policy.Policy, "test accuracy", scale: 100, places: 1, withBounds: true),
                Cell.Of(policy.FirstEpochS, sources, policy.Policy, "first epoch"),
                Cell.Of(policy.LaterEpochS, sources, policy.Policy, "a later epoch"),
                Cell.Of(policy.TrainTimeS, sources, policy.Policy, "all epochs"),
            ])], sources);
    }

    /// <summary>Throughput by size: a row for each policy and size.</summary>
    internal static Node Of(IReadOnlyList<ScalingSeries> series)
    {
        var sources = new Sources();
        return Tables.Sortable($"Throughput by {series[0].Size}", ["policy", series[0].Size, "images/s"],
            [.. series.SelectMany(one => one.Points.Select(point => (IReadOnlyList<Cell>)
            [
                Cell.OfPolicy(one.Policy),
                Cell.Plain(point.Size, size => Numbers.Count((long)size)),
                Cell.Of(point.ImagesPerS, sources, $"{one.Policy} at {point.Size}", "images/s", withBounds: true),
            ]))], sources);
    }

    /// <summary>Environments side by side: a row for each environment and policy.</summary>
    internal static Node Of(Matrix matrix)
    {
        var sources = new Sources();
        return Tables.Sortable("Environments side by side. No ratio crosses them: a speed-up is that of its own machine.",
            ["environment", "id", "policy", "epoch, ms", "images/s", "speed-up", "peak memory, MiB"],
            [.. matrix.Rows.SelectMany(row => row.Policies.Select(policy => (IReadOnlyList<Cell>)
            [
                Cell.Words(row.Name),
                Cell.Words(row.EnvironmentId),
                Cell.OfPolicy(policy.Policy),
                Cell.Of(policy.EpochMs, sources, policy.Policy, "epoch"),
                Cell.Of(policy.ImagesPerS, sources, policy.Policy, "images/s"),
                Cell.Of(policy.SpeedUp, sources, policy.Policy, "speed-up", places: 2, withBounds: true),
                Cell.Of(policy.PeakMemoryBytes, sources, policy.Policy, "peak memory", scale: 1.0 / (1 << 20)),
            ]))], sources);
    }
}
