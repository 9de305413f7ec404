using FreezeBench.Benchmarks.Settings;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Settings;

public class BenchmarkSettingsTests
{
    [Fact]
    public void Published_ComeBackWhole()
    {
        Published.Publish();

        Assert.Equivalent(Published.Settings, BenchmarkSettings.Published(), strict: true);
    }
}
