using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class GitStateTests : IDisposable
{
    private readonly Temporary temporary = new();

    public GitStateTests()
    {
        Assert.SkipWhen(ChildProcess.FactOf("git", ["--version"]) is null, "No git on the PATH.");
        Git("init", "--quiet");
        temporary.File(".gitignore", "*.log\n");
        temporary.File("code.cs", "1");
        Git("add", ".");
        Git("-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "x");
    }

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void CleanTree_IsCleanAndItsCommitIsKnown()
    {
        var state = GitState.Capture(temporary.Folder);

        Assert.Equal(ChildProcess.FactOf("git", ["rev-parse", "HEAD"], temporary.Folder)!.Trim(), state.Commit);
        Assert.False(state.Dirty);
    }

    [Theory]
    [InlineData("code.cs", true)]
    [InlineData("new.cs", true)]
    [InlineData("note.log", false)]
    [InlineData("results/amd/benchmarks.csv", false)]
    [InlineData("src/results/code.cs", true)]
    [InlineData("out [1]/benchmarks.csv", false)]
    [InlineData("out 1/benchmarks.csv", true)]
    [InlineData("sub/logs/run.txt", false)]
    public void ChangedFile_MakesTheTreeDirtyOnlyWhereItCouldChangeTheCode(string file, bool dirty)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(temporary.Folder, file))!);
        temporary.File(file, "2");

        Assert.Equal(dirty, GitState.Capture(temporary.Folder, Path.Combine(temporary.Folder, "out [1]"), Path.Combine(temporary.Folder, "sub/logs")).Dirty);
    }

    [Fact]
    public void SubfoldersCapture_SeesTheWholeRepository()
    {
        temporary.File("code.cs", "2");

        Assert.True(GitState.Capture(Directory.CreateDirectory(Path.Combine(temporary.Folder, "sub")).FullName).Dirty);
    }

    [Fact]
    public void OutsideARepository_AllIsUnknown()
    {
        using var elsewhere = new Temporary();

        Assert.Equal(GitState.None, GitState.Capture(elsewhere.Folder));
        Assert.Equal(GitState.None, GitState.Capture(Path.Combine(elsewhere.Folder, "missing")));
    }

    private void Git(params string[] arguments) => Assert.NotNull(ChildProcess.FactOf("git", arguments, temporary.Folder));
}
