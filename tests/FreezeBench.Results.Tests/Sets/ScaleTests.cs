using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Sets;

/// <summary>Many environments at once. Growth is shown by allocated bytes, which other programs on the machine do not change.</summary>
[Collection(Alone)]
public sealed class ScaleTests : IDisposable
{
    /// <summary>Not beside other tests, whose allocations would be counted as well.</summary>
    private const string Alone = "alone";

    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void TwentyEnvironments_AreReadWhole()
    {
        MadeUpResults.Write(temporary.Folder, environments: 20, cases: 100, samples: 12, seed: 1);

        var set = ResultSet.Load(temporary.Folder);

        Assert.Equal(Enumerable.Range(0, 20).Select(index => MadeUpResults.Machine(index).Id).Order(StringComparer.Ordinal), set.Environments.Select(environment => environment.Environment.Id));
        Assert.All(set.Environments, environment =>
        {
            Assert.Equal(100, environment.Cases.Count);
            Assert.Equal((30, 3), (environment.Epochs.Count, environment.Runs.Count));
            Assert.All(environment.Cases, measured =>
            {
                // The summary was computed from the samples before they were written: equal bits say that all came back.
                var summary = SampleSummary.Of(measured.SamplesMs);
                Assert.Equal((12, summary.Mean, summary.Median), (measured.Row.SampleCount, measured.Row.MeanMs, measured.Row.MedianMs));
                Assert.Equal(environment.Environment.Id, measured.Row.EnvironmentId);
            });
        });
        Assert.Equal(["depth", "epoch", "step"], set.Environments[0].Cases.Select(measured => measured.Row.Suite).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EqualTextsOfTwoFolders_AreOneString()
    {
        MadeUpResults.Write(temporary.Folder, environments: 2, cases: 3, samples: 2, seed: 1);

        var set = ResultSet.Load(temporary.Folder);

        Assert.Same(set.Environments[0].Cases[0].Row.Commit, set.Environments[1].Cases[2].Row.Commit);
        Assert.Same(set.Environments[0].Cases[0].Row.Commit, set.Environments[1].Runs[0].Commit);
    }

    [Fact]
    public void MadeUpResults_AreTheSameBytesEachTime()
    {
        foreach (var name in (string[])["a", "b"])
            MadeUpResults.Write(Path.Combine(temporary.Folder, name), environments: 2, cases: 3, samples: 2, seed: 1);

        string[] Files(string name) => [.. Directory.GetFiles(Path.Combine(temporary.Folder, name), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.Equal(10, Files("a").Length);
        Assert.All(Files("a").Zip(Files("b")), pair => Assert.Equal(File.ReadAllBytes(pair.First), File.ReadAllBytes(pair.Second)));
    }

    [Fact]
    public void AllocatedMemory_GrowsWithTheSamplesAndNoFaster()
    {
        // Of one environment, so that what is fixed for a file is the same: ten times the samples, for 16 bytes each and
        // not for the 150 of their lines.
        var (few, many) = (Allocated("few", 200), Allocated("many", 2000));

        Assert.InRange((many - few) / (double)(20 * 1800), 8, 40);
    }

    [Fact]
    public void AllocatedMemory_GrowsWithTheEnvironmentsAndNoFaster()
    {
        var (few, many) = (AllocatedBy(Written("five", 5, 60)), AllocatedBy(Written("twenty", 20, 60)));

        Assert.InRange(many / (double)few, 3, 5);
    }

    private long Allocated(string name, int samples) => AllocatedBy(Written(name, 1, samples));

    private string Written(string name, int environments, int samples)
    {
        var folder = Path.Combine(temporary.Folder, name);
        MadeUpResults.Write(folder, environments, cases: 20, samples, seed: 1);
        return folder;
    }

    private static long AllocatedBy(string folder)
    {
        // The first reading compiles and fills caches.
        ResultSet.Load(folder);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        ResultSet.Load(folder);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneDefinition;
}
