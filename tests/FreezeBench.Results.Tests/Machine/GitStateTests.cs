using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class GitStateTests : IDisposable
{
    // Made once: it takes git four times as long as what is asked of it. Null where there is no git.
    private static readonly Lazy<Temporary?> repository = new(() =>
    {
        if (ChildProcess.FactOf("git", ["--version"]) is null)
            return null;
        var made = new Temporary();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => made.Dispose();
        Git(made, "init", "--quiet", "--template=");
        made.File(".gitignore", "*.log\n");
        made.File("code.cs", "1");
        Git(made, "add", ".");
        Git(made, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "x");
        return made;
    });

    private readonly Temporary temporary = new();

    public GitStateTests()
    {
        Assert.SkipWhen(repository.Value is null, "No git on the PATH.");
        foreach (var file in Directory.EnumerateFiles(repository.Value!.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(temporary.Folder, Path.GetRelativePath(repository.Value.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        // Git knows a repository by it, and it is empty where all is packed.
        Directory.CreateDirectory(Path.Combine(temporary.Folder, ".git", "refs"));
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

    private static void Git(Temporary folder, params string[] arguments) => Assert.NotNull(ChildProcess.FactOf("git", arguments, folder.Folder));
}
