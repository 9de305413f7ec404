using FreezeBench.Programs;
using Xunit;

namespace FreezeBench.Tests.Programs;

public class RepositoryFolderTests
{
    [Fact]
    public void FindAbove_GoesUpToTheSolution()
    {
        using var temporary = new Temporary();
        var deep = Directory.CreateDirectory(temporary.PathOf("src/a/b")).FullName;
        File.WriteAllText(temporary.PathOf("Benchmarks.sln"), "");

        Assert.Equal(temporary.Folder, RepositoryFolder.FindAbove(deep));
        Assert.Equal(temporary.Folder, RepositoryFolder.FindAbove(temporary.Folder));
    }

    [Fact]
    public void FindAbove_TakesTheNearestSolution()
    {
        using var temporary = new Temporary();
        var inner = Directory.CreateDirectory(temporary.PathOf("inner/deep")).Parent!.FullName;
        File.WriteAllText(temporary.PathOf("Benchmarks.sln"), "");
        File.WriteAllText(Path.Combine(inner, "Benchmarks.sln"), "");

        Assert.Equal(inner, RepositoryFolder.FindAbove(Path.Combine(inner, "deep")));
    }

    [Fact]
    public void FindAbove_SaysThatThereIsNone()
    {
        using var temporary = new Temporary();
        Assert.Null(RepositoryFolder.FindAbove(temporary.Folder));
    }

    [Fact]
    public void Find_IsTheRepositoryThatTheProgramWasBuiltIn() =>
        Assert.True(File.Exists(Path.Combine(RepositoryFolder.Find(), "Directory.Packages.props")));
}
