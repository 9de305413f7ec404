using FreezeBench.Benchmarks.Running;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Running;

public class CaseTimeTests
{
    private static readonly TimeSpan whole = TimeSpan.FromSeconds(10);

    private static double Seconds(double work, params Sample[] samples) => new CaseTime(whole, samples).With(work).TotalSeconds;

    [Fact]
    public void LongOperations_TakeAsManyTimesAsLong_TheWarmUpToo() =>
        // Three epochs of 1 s and one before them, each 24 s longer; the rest of the process is as it was.
        Assert.Equal(10 + (4 * 24), Seconds(25, new Sample(1, 1000), new Sample(1, 1000), new Sample(1, 1000)), 1e-9);

    [Fact]
    public void ShortOperations_FillTheSameTime_UntilOneIsLonger()
    {
        Sample[] steps = [new(50, 10), new(50, 10)];

        Assert.Equal(10, Seconds(1, steps));
        Assert.Equal(10, Seconds(50, steps));
        // An iteration of 50 steps of 10 ms becomes one step of 600 ms.
        Assert.Equal(10 + (3 * 0.1), Seconds(60, steps), 1e-9);
    }

    [Fact]
    public void CaseThatFailed_FailsAsFast() => Assert.Equal(10, Seconds(25));
}
