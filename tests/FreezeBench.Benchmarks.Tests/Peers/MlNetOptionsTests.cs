using FreezeBench.MlNet;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Peers;

public sealed class MlNetOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheHelp() => Assert.Equal(
        new MlNetSettings("photos", "lbfgs", Seed: 1, Rounds: 3, Environment.ProcessorCount, Out: null), Parse("--data", "photos"));

    [Fact]
    public void EveryOption_ArrivesInTheSettings() => Assert.Equal(
        new MlNetSettings("photos", "sdca", Seed: 7, Rounds: 2, Threads: 4, "elsewhere"),
        Parse("--data", "imagefolder:photos", "--trainer", "sdca", "--seed", "7", "--rounds", "2", "--threads", "4", "--out", "elsewhere"));

    [Fact]
    public void EverythingWrong_IsSaidAtOnce()
    {
        var error = Assert.Throws<UserErrorException>(() => Parse("--trainer", "forest", "--rounds", "0", "--threads", "many"));

        Assert.Contains("--data is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("Unknown trainer 'forest'. Valid values: lbfgs, sdca.", error.Message, StringComparison.Ordinal);
        Assert.Contains("--rounds is '0'; it must be a whole number from 1 to 1000.", error.Message, StringComparison.Ordinal);
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
