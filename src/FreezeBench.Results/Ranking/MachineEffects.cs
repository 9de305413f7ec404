namespace FreezeBench.Results.Ranking;

/// <summary>How slow each contender is, where not all have the same workloads.</summary>
/// <remarks>Least squares on the logarithms of the times, of which each is the sum of one number for the workload and one for the contender. Where all
/// have the same workloads the differences are the logarithms of the geometric means of the ratios.</remarks>
internal static class MachineEffects
{
    /// <summary>Rounds of fitting workloads and contenders in turn; the error falls by a factor in each.</summary>
    private const int Rounds = 500;

    /// <summary>The largest set of contenders that are connected by shared workloads, the fastest first.</summary>
    /// <param name="count">Contenders.</param>
    /// <param name="times">For each workload the time in ms of each contender, positive; null where it has none.</param>
    internal static IReadOnlyList<int> Order(int count, IReadOnlyList<IReadOnlyList<double?>> times)
    {
        var members = Largest(count, times);
        var logarithms = times.Select(workload => members.Select(member => workload[member] is { } time ? Math.Log(time) : (double?)null).ToArray()).ToList();
        var effects = new double[members.Count];
        for (var round = 0; round < Rounds; round++)
        {
            var levels = logarithms.ConvertAll(workload => workload.Select((time, member) => time - effects[member]).Average() ?? 0);
            for (var member = 0; member < members.Count; member++)
                effects[member] = logarithms.Select((workload, place) => workload[member] - levels[place]).Average() ?? 0;
        }
        return [.. members.Select((member, place) => (member, effect: effects[place])).OrderBy(pair => pair.effect).ThenBy(pair => pair.member).Select(pair => pair.member)];
    }

    private static List<int> Largest(int count, IReadOnlyList<IReadOnlyList<double?>> times)
    {
        List<List<int>> groups = [.. Enumerable.Range(0, count).Select(member => (List<int>)[member])];
        foreach (var workload in times)
        {
            var touching = groups.FindAll(group => group.Exists(member => workload[member] is not null));
            groups.RemoveAll(touching.Contains);
            groups.Add([.. touching.SelectMany(group => group)]);
        }
        return [.. groups.OrderByDescending(group => group.Count).ThenByDescending(group => times.Sum(workload => group.Count(member => workload[member] is not null))).ThenBy(group => group.Min()).First().Order()];
    }
}
