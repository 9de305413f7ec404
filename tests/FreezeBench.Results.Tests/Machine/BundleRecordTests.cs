using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class BundleRecordTests : IDisposable
{
    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("""{ "commit": "0123", "dirty": false }""", "0123", false)]
    [InlineData("""{ "commit": "0123", "dirty": true }""", "0123", true)]
    [InlineData("""{ "commit": "unknown", "dirty": null }""", "unknown", null)]
    public void RowsOfABundle_HaveTheCommitOfItsMaking(string text, string commit, bool? dirty)
    {
        temporary.File(BundleRecord.FileName, text);

        Assert.Equal(new GitState { Commit = commit, Dirty = dirty }, BundleRecord.Find(Program())?.Git);
    }

    [Fact]
    public void ProgramOfNoBundle_HasNoRecord()
    {
        Assert.Null(BundleRecord.Find(Program()));
        Assert.Null(BundleRecord.OfThisProgram());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{ "commit": "a" }""")]
    [InlineData("""{ "commit": "a", "commit": "b", "dirty": false }""")]
    public void DamagedBundle_IsSaid(string text)
    {
        var path = temporary.File(BundleRecord.FileName, text);
        var error = Assert.Throws<UserErrorException>(() => BundleRecord.Find(Program()));

        Assert.StartsWith($"The bundle is damaged: {path}: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Unpack it again.", error.Message, StringComparison.Ordinal);
    }

    private string Program() => Directory.CreateDirectory(Path.Combine(temporary.Folder, "lib", "programs")).FullName;
}
