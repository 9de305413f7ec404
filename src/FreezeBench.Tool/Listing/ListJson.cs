using FreezeBench.Results.Tables;

namespace FreezeBench.Tool.Listing;

/// <summary>The list as one JSON object, snake case, always with every run; times are ISO 8601 in UTC.</summary>
internal static class ListJson
{
    internal static void Write(TextWriter output, IReadOnlyList<ListedEnvironment> environments) => output.Write(SnakeCaseJson.Of(new
    {
        SchemaVersion = 1,
        Environments = environments.Select(environment => new
        {
            environment.Id,
            environment.Name,
            Runs = environment.Runs.Select(run => new
            {
                run.RunId,
                FirstUtcTime = run.Times?.First.UtcDateTime,
                LastUtcTime = run.Times?.Last.UtcDateTime,
                run.Benchmarks,
                run.Samples,
                run.Epochs,
                run.RunEnds,
                run.Commits,
                run.Suites,
                run.Policies,
                run.Datasets,
                run.Seeds,
                run.TimesDisturbed,
            }),
        }),
    }));
}
