using System.Diagnostics;
using FreezeBench.Faults;
using Xunit;

namespace FreezeBench.Results.Tests;

public class StopSignalsTests
{
    // What a terminal sends whose window is closed, or whose connection is lost. Unheard, it would end this process.
    [Fact]
    public void TerminalThatCloses_AsksForAnEnd_AsCtrlCDoes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGHUP.");
        Assert.SkipWhen(SignalMask.Ignores("HUP"), SignalMask.Ignored("HUP"));
        using var signals = new StopSignals(terminated: 143, insisting: null);
        var asked = signals.Token.WaitHandle;
        using (var kill = Process.Start("kill", ["-s", "HUP", $"{Environment.ProcessId}"]))
            kill.WaitForExit();

        Assert.True(asked.WaitOne(TimeSpan.FromSeconds(30)), "Nothing was asked for.");
        Assert.Equal(129, signals.ExitCode);
    }
}
