using FreezeBench.Results.Comparison;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Results.Tests.Comparison;

public sealed class SelectionFinderTests : IDisposable
{
    private readonly Temporary temporary = new();
    private readonly string results;
    private readonly string environment;

    public SelectionFinderTests()
    {
        results = Path.Combine(temporary.Folder, "results");
        environment = Path.Combine(results, Examples.Cpu.Id);
        Directory.CreateDirectory(environment);
        File.WriteAllBytes(Path.Combine(environment, EnvironmentFile.FileName), EnvironmentFile.Render(Examples.Cpu));
        var store = new ResultStore(environment);
        foreach (var (run, commit) in new[] { ("run-1", Measured.FirstCommit), ("run-2", Measured.FirstCommit), ("run-3", Measured.SecondCommit), ("run-4", "aaaaaaa1" + new string('c', 32)) })
        {
            var stamp = Examples.Stamp with { RunId = run, EnvironmentId = Examples.Cpu.Id, Git = new GitState { Commit = commit, Dirty = false } };
            store.Append([Examples.Measurement.ToRow(stamp)]);
            store.Append(Examples.Measurement.ToSampleRows(stamp));
        }
    }

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void FolderEnvironmentAndCommit_AreFound()
    {
        var finder = new SelectionFinder(results);
        Assert.Equal(4, finder.Find(results).Cases.Count);
        Assert.Equal(4, finder.Find(environment).Cases.Count);
        Assert.Equal(4, finder.Find(Examples.Cpu.Id).Cases.Count);
        var commit = finder.Find("bbbbbbb");
        Assert.Equal("run-3", Assert.Single(commit.Cases).Row.RunId);
        Assert.Equal(Examples.Measurement.SamplesMs, commit.Cases[0].SamplesMs);
        Assert.Equal("bbbbbbb", commit.Name);
    }

    [Fact]
    public void CommitOfAFolder_HasAllItsRuns()
    {
        var elsewhere = new SelectionFinder(Path.Combine(temporary.Folder, "nowhere"));
        Assert.Equal(["run-1", "run-2"], elsewhere.Find($"{results}@{Measured.FirstCommit}").Cases.Select(measured => measured.Row.RunId));
        Assert.Equal("run-3", Assert.Single(elsewhere.Find($"{environment}@BBBBBBB2").Cases).Row.RunId);
        Assert.Equal("run-3", Assert.Single(new SelectionFinder(results).Find($"{Examples.Cpu.Id}@bbbbbbb2").Cases).Row.RunId);
    }

    [Fact]
    public void AmbiguousCommit_ListsThem()
    {
        var message = Message("aaaaaaa1");
        Assert.Contains("2 commits begin with aaaaaaa1", message);
        Assert.Contains(Measured.FirstCommit, message);
        Assert.Contains("Write more digits", message);
    }

    [Theory]
    [InlineData("compair", "no environment and no commit")]
    [InlineData("bbbb", "a commit needs 7 digits")]
    [InlineData("ccccccc", "no environment and no commit")]
    public void UnknownWord_ListsWhatIsThere(string word, string reason)
    {
        var message = Message(word);
        Assert.Contains(reason, message);
        Assert.Contains($"environment {Examples.Cpu.Id}", message);
        Assert.Contains("commit bbbbbbb2bb: 1 row in 1 run, 2026-01-02", message);
        Assert.Contains("commit aaaaaaa1aa: 2 rows in 2 runs", message);
    }

    [Fact]
    public void UnknownCommitOfAFolder_ListsItsCommits()
    {
        Assert.Contains("no benchmark was measured at the commit ccccccc", Message($"{results}@ccccccc"));
        Assert.Contains("'main' is no commit", Message($"{results}@main"));
        Assert.Contains("'nowhere' is no folder", Message("nowhere@ccccccc"));
    }

    [Fact]
    public void MissingResultsFolder_IsNamed() => Assert.Contains("does not exist; --results names another",
        Assert.Throws<UserErrorException>(() => new SelectionFinder("nowhere-at-all").Find("bbbbbbb")).Message);

    private string Message(string word) => Assert.Throws<UserErrorException>(() => new SelectionFinder(results).Find(word)).Message;
}
