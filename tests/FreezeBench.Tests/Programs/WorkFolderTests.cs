using FreezeBench.Programs;
using Xunit;

namespace FreezeBench.Tests.Programs;

public sealed class WorkFolderTests : IDisposable
{
    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void ProgramOfTheRepository_BelongsToTheNearestOne_WhateverProjectItIs()
    {
        Make("bench/FreezeBench.Benchmarks.csproj");
        Make("src/a/a.csproj");

        Assert.Equal(temporary.Folder, WorkFolder.Find(Folder("src/a/bin/Release/net10.0"), Elsewhere));

        Make("inner/bench/FreezeBench.Benchmarks.csproj");
        Assert.Equal(Folder("inner"), WorkFolder.Find(Folder("inner/src"), Elsewhere));
    }

    [Theory]
    [InlineData("mine/mine.csproj")]
    [InlineData("mine/mine.fsproj")]
    public void ProgramOfTheUsers_BelongsToItsProject_WhereverItIsStarted(string project)
    {
        Make(project);
        // A solution of that name is no sign of FreezeBench.
        Make("Benchmarks.sln");

        Assert.Equal(Folder("mine"), WorkFolder.Find(Folder("mine/bin/Release/net10.0"), Elsewhere));
    }

    [Fact]
    public void ProgramThatWasMoved_BelongsToTheRepositoryAroundTheCurrentFolder_OrToThatFolder()
    {
        Assert.Equal(Folder("there/deep"), WorkFolder.Find(Elsewhere, Folder("there/deep")));

        Make("there/bench/FreezeBench.Benchmarks.csproj");
        Assert.Equal(Folder("there"), WorkFolder.Find(Elsewhere, Folder("there/deep")));
    }

    [Fact]
    public void ProgramOfABundle_BelongsToTheCurrentFolder_WhateverIsAroundEither()
    {
        Make("bench/FreezeBench.Benchmarks.csproj");
        Make("bundle/a.csproj");
        File.WriteAllText(temporary.PathOf("bundle/bundle.json"), """{ "commit": "unknown", "dirty": null }""");

        Assert.Equal(Folder("deep/down"), WorkFolder.Find(Folder("bundle/lib/programs"), Folder("deep/down")));
    }

    [Fact]
    public void Find_IsTheRepositoryThatTheProgramWasBuiltIn() =>
        Assert.True(File.Exists(Path.Combine(WorkFolder.Find(), "Directory.Packages.props")));

    private string Elsewhere => Folder("elsewhere");

    private string Folder(string path) => Directory.CreateDirectory(temporary.PathOf(path)).FullName;

    private void Make(string file)
    {
        Folder(Path.GetDirectoryName(file)!);
        File.WriteAllText(temporary.PathOf(file), "");
    }
}
