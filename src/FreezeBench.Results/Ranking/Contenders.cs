using FreezeBench.Results.Comparison;
using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Ranking;

/// <summary>The contenders that words of a command line name.</summary>
public static class Contenders
{
    /// <summary>Each machine of each side; where all is one machine, each framework of each side, or each side, as a set-up where two differ in that.</summary>
    /// <returns>Names that differ, and what the contenders are.</returns>
    public static (IReadOnlyList<Contender> Contenders, ComparisonKind Kind) Of(IReadOnlyList<Selection> sides)
    {
        foreach (var side in sides.Where(side => side.Cases.Count == 0))
            throw new UserErrorException($"{side.Name} holds no row of benchmarks.csv. Measure with the benchmarks first; accuracy runs are not compared.");
        var machines = KnownMachines.Of(sides.SelectMany(side => side.Environments));
        var all = sides.SelectMany(side => Contender.OfMachines(side, machines).Select(contender => (side.Name, Contender: contender))).ToList();
        var frameworks = all.SelectMany(entry => entry.Contender.Frameworks).Distinct().Count();
        var kind = frameworks > 1 && all.Select(entry => entry.Contender.Name).Distinct().Count() == 1 ? ComparisonKind.Frameworks : ComparisonKind.Machines;
        if (all.Select(entry => entry.Contender.Name).Distinct().Count() == 1 && frameworks == 1 && all.SelectMany(entry => entry.Contender.Setups().Select(setup => (setup.SoftwareOf(setup.Cases[0].Row), setup.Cases[0].Row.Threads))).Distinct().Count() > 1)
            kind = ComparisonKind.Setups;
        if (kind == ComparisonKind.Frameworks)
            all = [.. all.SelectMany(entry => entry.Contender.Frameworks.Select(framework => (entry.Name, entry.Contender.Of(framework))))];
        else
            all = [.. all.GroupBy(entry => entry.Contender.Name).SelectMany(Joined)];
        return ([.. all.Select(entry => all.Count(other => other.Contender.Name == entry.Contender.Name) > 1
            ? entry.Contender with { Name = $"{entry.Contender.Name} ({entry.Name})" } : entry.Contender)], kind);
    }

    /// <summary>Sides that are one machine are one contender, unless both have rows of a framework: then it is measured twice, and each stands for itself.</summary>
    private static IEnumerable<(string Name, Contender Contender)> Joined(IEnumerable<(string Name, Contender Contender)> sides)
    {
        var all = sides.ToList();
        return all.Sum(side => side.Contender.Frameworks.Count) > all.SelectMany(side => side.Contender.Frameworks).Distinct().Count() ? all
            : [(all[0].Name, all[0].Contender with
            {
                Cases = [.. all.SelectMany(side => side.Contender.Cases)],
                RemarkedRuns = all.SelectMany(side => side.Contender.RemarkedRuns).ToHashSet(),
            })];
    }
}
