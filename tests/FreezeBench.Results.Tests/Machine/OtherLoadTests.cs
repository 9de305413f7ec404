using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public class OtherLoadTests
{
    // 100 ticks are a second; two lines a second of wall time apart on a machine of this many cores.
    private static readonly int cores = Environment.ProcessorCount;

    private static double? Busy(string before, string after, TimeSpan own)
    {
        var texts = new Queue<string>([before, after]);
        return new OtherLoad(texts.Dequeue).BusyCores(own);
    }

    private static string Line(int user, int idle, int iowait = 0, int steal = 0) => $"cpu  {user} 0 0 {idle} {iowait} 0 0 {steal} 0 0";

    [Fact]
    public void IdleMachine_HasNoBusyCore() => Assert.Equal(0, Busy(Line(500, 1000), Line(500, 1000 + (100 * cores)), TimeSpan.Zero));

    [Fact]
    public void OneBusyProgram_IsOneCore() =>
        Assert.Equal(1.0, Busy(Line(0, 0), Line(100, 100 * (cores - 1)), TimeSpan.Zero)!.Value, 1e-12);

    [Fact]
    public void OwnWork_IsNotCounted() =>
        Assert.Equal(0.25, Busy(Line(0, 0), Line(100, 100 * (cores - 1)), TimeSpan.FromSeconds(0.75))!.Value, 1e-12);

    [Fact]
    public void WaitingForADisk_IsNotBusy_AndStolenTimeIs()
    {
        Assert.Equal(0, Busy(Line(0, 0), Line(0, 100 * (cores - 1), iowait: 100), TimeSpan.Zero));
        Assert.Equal(1.0, Busy(Line(0, 0), Line(0, 100 * (cores - 1), steal: 100), TimeSpan.Zero)!.Value, 1e-12);
    }

    [Fact]
    public void NoTimePassed_OrNoStatistics_IsUnknown()
    {
        Assert.Null(Busy(Line(1, 1), Line(1, 1), TimeSpan.Zero));
        Assert.Null(Busy("", "", TimeSpan.Zero));
        Assert.Null(new OtherLoad(() => null).BusyCores(TimeSpan.Zero));
    }

    [Fact]
    public void ThisMachine_TellsOnLinux()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux publishes /proc/stat.");
        var load = new OtherLoad();
        // Until the kernel's tick of 10 ms has gone by.
        Assert.True(SpinWait.SpinUntil(() => load.BusyCores() is not null, TimeSpan.FromSeconds(10)));
        Assert.InRange(load.BusyCores()!.Value, 0, Environment.ProcessorCount);
    }
}
