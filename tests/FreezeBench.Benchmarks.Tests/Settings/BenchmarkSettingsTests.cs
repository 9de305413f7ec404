using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Benchmarks.Tests.Processes;
using FreezeBench.Freezing;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Settings;

[Collection(ProgramHere.Collection)]
public class BenchmarkSettingsTests
{
    [Fact]
    public void Published_ComeBackWhole()
    {
        Published.Publish();

        Assert.Equivalent(Published.Settings, BenchmarkSettings.Published(), strict: true);
    }

    [Fact]
    public void PlainKernels_AreMeasuredForTheTwoEndsOfTheQuestion_WhereNobodyAsks()
    {
        var settings = Published.Settings with { Kernels = ["plain", "fast"] };
        var measured = from suite in SuiteNames.All from policy in FreezingPolicy.All where settings.Measures(suite, policy, "plain") select $"{suite} {policy}";

        Assert.Equal(["epoch fine-tune", "epoch frozen", "step fine-tune", "step frozen"], measured);
        Assert.All(SuiteNames.All, suite => Assert.True(settings.Measures(suite, FreezingPolicy.FromLayer2, "fast")));
    }

    [Theory]
    [InlineData("plain", true, false)]
    [InlineData("fast", false, true)]
    [InlineData("plain,fast", true, true)]
    public void KernelsThatAreAskedFor_AreMeasuredInEveryCase(string asked, bool plain, bool fast)
    {
        var settings = Published.Settings with { Kernels = asked.Split(','), KernelsAsked = true };

        Assert.Equal((plain, fast), (settings.Measures("scaling", FreezingPolicy.FromLayer2, "plain"), settings.Measures("scaling", FreezingPolicy.FromLayer2, "fast")));
    }

    [Fact]
    public void MemoryFormat_IsThatOfTheKernels_UnlessItIsAskedFor()
    {
        var settings = Published.Settings with { MemoryFormat = null };

        Assert.Equal(("contiguous", "channels-last"), (settings.MemoryFormatOf("plain").Name, settings.MemoryFormatOf("fast").Name));
        Assert.Equal("channels-last", (settings with { MemoryFormat = "channels-last" }).MemoryFormatOf("plain").Name);
    }
}
