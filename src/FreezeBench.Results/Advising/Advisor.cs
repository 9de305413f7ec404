using FreezeBench.Results.Machine;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Advising;

/// <summary>Answers, for data and a machine that were trained on, which policy is good enough in the least time.</summary>
/// <remarks>
/// <para>Runs are sorted as in the report: those of one table share data, weights, resolution, batch, recipe apart from the policy's own, and environment. Of several
/// runs of a seed the newest counts. Conclusions need what the report's do: real images, pretrained weights, 100 test images, 1,000 training images seen.</para>
/// <para>Every epoch is a point that one could stop at. The best is the highest mean accuracy of all points, chosen on the test set itself, and so a
/// little too high where there are many: the bounds of each distance to it say how much is known. The choice is, by the means, the least training time near
/// enough to it; it is undecided where the bounds allow another policy, or where times cannot be told apart.</para>
/// </remarks>
public static class Advisor
{
    /// <summary>The advice from result folders.</summary>
    /// <param name="results">Folders, of one environment several too.</param>
    /// <param name="options">What is asked for.</param>
    public static Advice Of(ResultSet results, AdviceOptions options)
    {
        return Joined(options,
        [
            .. results.Environments.Where(environment => environment.Epochs.Count + environment.Runs.Count > 0).GroupBy(environment => environment.Environment.Id).OrderBy(same => same.Key, StringComparer.Ordinal)
                .Select(same => Of(same.First().Environment, [.. same.SelectMany(folder => folder.Epochs)], [.. same.SelectMany(folder => folder.Runs)], [.. same.SelectMany(folder => folder.Remarks)], options)),
        ]);
    }

    /// <summary>The advice from one environment's rows.</summary>
    /// <param name="environment">Where they are of.</param>
    /// <param name="rows">Epochs, in their file's order.</param>
    /// <param name="ends">Ends of runs, likewise.</param>
    /// <param name="remarks">What people remarked of the runs.</param>
    /// <param name="options">What is asked for.</param>
    public static Advice Of(EnvironmentRecord environment, IReadOnlyList<AccuracyRow> rows, IReadOnlyList<RunRow> ends, IReadOnlyList<RemarkRow> remarks, AdviceOptions options)
    {
        var remarked = Disturbance.RemarkedRuns(remarks);
        var groups = AccuracyKey.Groups(AccuracyRun.Ended(rows, ends));
        var texts = AccuracyKey.TellingTexts([.. groups.Select(group => group.Key)]);
        List<(AccuracyKey Key, GroupAdvice Advice)> answers = [];
        List<string> refused = [];
        foreach (var group in groups)
        {
            var ways = Way.Of(group, remarked);
            var seen = ways.Where(way => TrainingComparison.SawEnough(way.Points.Count, group.Key)).ToList();
            var why = TrainingComparison.Refusal(group.Key) ?? (ways.Count == 1 ? $"{ways[0].Name} alone was trained"
                : seen.Count < 2 ? $"too short: {Numbers.Count(TrainingComparison.FewestImagesSeen)} training images seen are the least, and {string.Join(", ", ways.Except(seen).Select(way => $"{way.Name} saw {Numbers.Count(way.Points.Count * (long)group.Key.TrainTotal)}"))}"
                : null);
            if (why is null)
            {
                answers.Add((group.Key, new GroupAdvisor(seen, options).Of(environment.Id, EnvironmentName.Of(environment), texts[group.Key])));
                refused.AddRange(ways.Except(seen).Select(way => $"{way.Name}: {Numbers.Count(way.Points.Count * (long)group.Key.TrainTotal)} training images seen, of {Numbers.Count(TrainingComparison.FewestImagesSeen)} that a conclusion needs ({group.Key.Text})"));
            }
            else
                // Without the hashes, which tell nobody anything here.
                refused.Add($"{group.Key.Text}: {why}");
        }
        return new Advice
        {
            Options = options,
            Groups = [.. answers.OrderByDescending(answer => answer.Advice.Ways.Count).ThenByDescending(answer => answer.Key.Classes).ThenBy(answer => answer.Advice.Settings, StringComparer.Ordinal).Select(answer => answer.Advice)],
            Refused = [.. refused.CountBy(text => text).Select(text => text.Value == 1 ? text.Key : $"{text.Key} ({Numbers.Count(text.Value)} times, on unlike images)")],
            LeftOut = [.. LeftOutRuns.Of(rows, ends)],
        };
    }

    private static Advice Joined(AdviceOptions options, IReadOnlyList<Advice> parts) => new()
    {
        Options = options,
        Groups = [.. parts.SelectMany(part => part.Groups)],
        Refused = [.. parts.SelectMany(part => part.Refused)],
        LeftOut = [.. parts.SelectMany(part => part.LeftOut)],
    };
}
