namespace FreezeBench.Results.Reports;

/// <summary>What it costs to train a part of the network, in sentences.</summary>
public static class PartialTraining
{
    /// <summary>A sentence for each row whose policy trains less than everything and of which the cost beside fine-tune is known; the name is to stand in front.</summary>
    public static IReadOnlyList<(PolicyName Name, string Sentence)> Of(TimeGroup group) =>
        [.. group.Policies.Where(policy => policy is { TrainedShare: < 1, TimeShare: not null } or { TrainedShare: < 1, MemoryShare: not null }).Select(policy => (policy.Name(), Sentence(policy)))];

    private static string Sentence(PolicyTimes policy)
    {
        List<string> costs = [];
        if (policy.TimeShare is { Origin.Disturbed: false } time)
            costs.Add($"{Numbers.Share(time)} of the time");
        if (policy.MemoryShare is { } memory)
            costs.Add($"{Numbers.Share(memory)} of the memory");
        return $"trains {Numbers.Share(policy.TrainedShare!.Value)} of the parameters"
            + (costs.Count == 0 ? "" : $", costs {string.Join(", ", costs)} of fine-tune")
            + (policy.TrainedCheckpointBytes is { } bytes ? $"; a checkpoint of what trains has {Numbers.Bytes(bytes)}" : "");
    }
}
