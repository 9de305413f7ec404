using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public class OtherLoadTests
{
    // 100 ticks are a second; two lines a second of wall time apart on a machine of this many cores.
    private static readonly int cores = Environment.ProcessorCount;

    private static double? Busy(string before, string after, int ownTicks, int childTicks = 0)
    {
        var statistics = new Queue<string>([before, after]);
        var process = new Queue<string>([Process(0, 0), Process(ownTicks, childTicks)]);
        return new OtherLoad(statistics.Dequeue, process.Dequeue).BusyCores();
    }

    private static string Process(int own, int children) => $"4711 (dot) net) S 1 1 1 0 -1 4194560 99 98 97 96 {own} 0 {children} 0 20 0 12 0";

    private static string Line(int user, int idle, int iowait = 0, int steal = 0) => $"cpu  {user} 0 0 {idle} {iowait} 0 0 {steal} 0 0";

    [Fact]
    public void IdleMachine_HasNoBusyCore() => Assert.Equal(0, Busy(Line(500, 1000), Line(500, 1000 + (100 * cores)), 0));

    [Fact]
    public void OneBusyProgram_IsOneCore() =>
        Assert.Equal(1.0, Busy(Line(0, 0), Line(100, 100 * (cores - 1)), 0)!.Value, 1e-12);

    [Fact]
    public void OwnWork_IsNotCounted() =>
        Assert.Equal(0.25, Busy(Line(0, 0), Line(100, 100 * (cores - 1)), 75)!.Value, 1e-12);

    [Fact]
    public void WorkOfChildrenThatEnded_IsNotCounted() =>
        Assert.Equal(0.5, Busy(Line(0, 0), Line(100, 100 * (cores - 1)), 20, childTicks: 30)!.Value, 1e-12);

    [Fact]
    public void WaitingForADisk_IsNotBusy_AndStolenTimeIs()
    {
        Assert.Equal(0, Busy(Line(0, 0), Line(0, 100 * (cores - 1), iowait: 100), 0));
        Assert.Equal(1.0, Busy(Line(0, 0), Line(0, 100 * (cores - 1), steal: 100), 0)!.Value, 1e-12);
    }

    [Fact]
    public void NoTimePassed_OrNoStatistics_IsUnknown()
    {
        Assert.Null(Busy(Line(1, 1), Line(1, 1), 0));
        Assert.Null(Busy("", "", 0));
        Assert.Null(new OtherLoad(() => null, () => Process(0, 0)).BusyCores());
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
