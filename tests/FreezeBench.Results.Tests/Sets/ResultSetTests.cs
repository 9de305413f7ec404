using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;

namespace FreezeBench.Results.Tests.Sets;

public sealed class ResultSetTests : IDisposable
{
    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void WrittenResults_AreReadBack_UnderAnyCulture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            var store = Store("cpu", Examples.Cpu);
            store.Append(Examples.Measurement.ToRow(Examples.Stamp));
            store.Append(Examples.Measurement.ToSampleRows(Examples.Stamp));
            store.Append([Examples.Accuracy(1), Examples.Accuracy(2)]);

            var environment = Assert.Single(ResultSet.Load(temporary.Folder).Environments);

            Assert.Equal(store.Folder, environment.Folder);
            Assert.Equal(Examples.Cpu, environment.Environment);
            var measured = Assert.Single(environment.Cases);
            Assert.Equal(Examples.Measurement.ToRow(Examples.Stamp), measured.Row);
            Assert.Equal(Examples.Measurement.SamplesMs, measured.SamplesMs);
            Assert.Equal([Examples.Accuracy(1), Examples.Accuracy(2)], environment.Epochs);
            Assert.Empty(environment.Runs);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void EnvironmentsOwnFolder_IsReadAlone()
    {
        var store = Store("cpu", Examples.Cpu);
        Store("gpu", Examples.Gpu);

        Assert.Equal([Examples.Cpu.Id], ResultSet.Load(store.Folder).Environments.Select(environment => environment.Environment.Id));
    }

    [Fact]
    public void Environments_AreInOrderOfTheirIds_AndOtherFoldersArePassedOver()
    {
        Store("a", Examples.Gpu);
        Store("z", Examples.Cpu);
        Directory.CreateDirectory(Path.Combine(temporary.Folder, "pictures"));
        File.WriteAllText(Path.Combine(temporary.Folder, "pictures", "notes.csv"), "not ours");

        Assert.Equal([Examples.Cpu.Id, Examples.Gpu.Id], ResultSet.Load(temporary.Folder).Environments.Select(environment => environment.Environment.Id));
    }

    [Fact]
    public void SamplesWithoutTheirRow_AndRowsWithoutSamples_AreNoReasonToFail()
    {
        var store = Store("cpu", Examples.Cpu);
        store.Append(Examples.Measurement.ToRow(Examples.Stamp));
        store.Append((Examples.Measurement with { Case = Examples.Measurement.Case with { Policy = "from-layer4" } }).ToSampleRows(Examples.Stamp));

        Assert.Empty(Assert.Single(Assert.Single(ResultSet.Load(temporary.Folder).Environments).Cases).SamplesMs);
    }

    [Fact]
    public void CaseWrittenTwice_HasAllSamplesOnBothRows()
    {
        var store = Store("cpu", Examples.Cpu);
        for (var time = 0; time < 2; time++)
        {
            store.Append(Examples.Measurement.ToRow(Examples.Stamp));
            store.Append(Examples.Measurement.ToSampleRows(Examples.Stamp));
        }

        var cases = Assert.Single(ResultSet.Load(temporary.Folder).Environments).Cases;
        Assert.Equal(2, cases.Count);
        Assert.All(cases, measured => Assert.Equal(2 * Examples.Measurement.SamplesMs.Count, measured.SamplesMs.Count));
    }

    [Fact]
    public void RowsWithoutTheirEnvironment_AreRefusedByFolder()
    {
        Store("cpu", Examples.Cpu);
        var orphan = new ResultStore(Path.Combine(temporary.Folder, "orphan"));
        orphan.Append(Examples.Accuracy(1));

        Assert.StartsWith($"{orphan.Folder} has accuracy.csv but no environment.json", Refusal(temporary.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void TwoFoldersOfOneEnvironment_AreRefusedByName()
    {
        var (first, second) = (Store("one", Examples.Cpu), Store("two", Examples.Cpu));

        var refusal = Refusal(temporary.Folder);

        Assert.StartsWith($"{first.Folder} and {second.Folder} are of the same environment, {Examples.Cpu.Id}.", refusal, StringComparison.Ordinal);
        Assert.Contains("freezebench merge", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void OfSeveralBadFolders_TheFirstIsReported_HoweverLongItTakes()
    {
        const int Folders = 40;
        for (var index = 0; index < Folders; index++)
            Store($"{index:00}", MadeUpResults.Machine(index));
        // The first bad one is large and wrong at its very end; those after it are wrong at once.
        var large = string.Concat(Enumerable.Repeat("\n", 100_000));
        File.WriteAllText(Path.Combine(temporary.Folder, "07", "runs.csv"), RowTable<RunRow>.Header + large + "bad\n");
        for (var index = 8; index < Folders; index += 3)
            File.WriteAllText(Path.Combine(temporary.Folder, $"{index:00}", "benchmarks.csv"), "bad\n");
        Directory.CreateDirectory(Path.Combine(temporary.Folder, "30-orphan"));
        File.WriteAllText(Path.Combine(temporary.Folder, "30-orphan", "runs.csv"), "bad\n");

        for (var time = 0; time < 10; time++)
            Assert.StartsWith($"{Path.Combine(temporary.Folder, "07", "runs.csv")}, line 100002, column 2: ", Refusal(temporary.Folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", "does not exist")]
    [InlineData("empty", "holds no results")]
    [InlineData("a-file", "is a file. Give")]
    public void FolderWithoutResults_IsRefused(string name, string reason)
    {
        Directory.CreateDirectory(Path.Combine(temporary.Folder, "empty"));
        temporary.File("a-file", "");

        Assert.Contains(reason, Refusal(Path.Combine(temporary.Folder, name)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void PathThatIsNone_IsAUserError(string path) => Assert.Contains("cannot be read", Refusal(path), StringComparison.Ordinal);

    private ResultStore Store(string name, EnvironmentRecord environment)
    {
        var store = new ResultStore(Path.Combine(temporary.Folder, name));
        store.WriteEnvironment(environment);
        return store;
    }

    private static string Refusal(string path) => Assert.Throws<UserErrorException>(() => ResultSet.Load(path)).Message;
}
