using FreezeBench.Images.Folders;
using FreezeBench.MlNet;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Peers;

public sealed class MlNetOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheHelp() => Assert.Equal(
        new MlNetSettings("photos", Split: null, "lbfgs", Seed: 1, Rounds: 3, Environment.ProcessorCount, Out: null), Parse("--data", "photos"));

    [Fact]
    public void EveryOption_ArrivesInTheSettings() => Assert.Equal(
        new MlNetSettings("photos", new FolderSplit(0.8, 7), "sdca", Seed: 7, Rounds: 2, Threads: 4, "elsewhere"),
        Parse("--data", "imagefolder:photos", "--split", "0.8:7", "--trainer", "sdca", "--seed", "7", "--rounds", "2", "--threads", "4", "--out", "elsewhere"));

    [Fact]
    public void EverythingWrong_IsSaidAtOnce()
    {
        var error = Assert.Throws<UserErrorException>(() => Parse("--trainer", "forest", "--rounds", "0", "--threads", "many", "--split", "2"));

        Assert.Contains("--data is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("Unknown trainer 'forest'. Valid values: lbfgs, sdca.", error.Message, StringComparison.Ordinal);
        Assert.Contains("--rounds is '0'; it must be a whole number from 1 to 1000.", error.Message, StringComparison.Ordinal);
        Assert.Contains("--split is '2'; it must be the share to train on", error.Message, StringComparison.Ordinal);
        Assert.Contains("--threads is 'many'; it must be a whole number from 1 to 1024.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("imagefolder:")]
    public void FolderWithoutAName_IsRefused(string data) =>
        Assert.Contains("--data is empty", Assert.Throws<UserErrorException>(() => Parse("--data", data)).Message, StringComparison.Ordinal);

    private static MlNetSettings Parse(params string[] arguments)
    {
        var options = new MlNetOptions();
        return options.Settings(options.Command.Parse(arguments));
    }
}
