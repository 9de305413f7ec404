using System.Diagnostics;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Torch.Hardware;

public class DeviceClockTests
{
    private readonly DeviceClock clock = new(torch.CPU);

    [Fact]
    public void Readings_NeverGoBack()
    {
        var last = DeviceClock.HostNow();
        for (var reading = 0; reading < 1000; reading++)
        {
            var now = reading % 2 == 0 ? clock.Now() : DeviceClock.HostNow();
            Assert.True(now >= last, $"Reading {reading} is {last - now} ticks before the one before it.");
            last = now;
        }
    }

    [Fact]
    public void Since_IsTheTimeBetweenTwoReadings_InTheClocksOwnTicks()
    {
        var start = clock.Now();
        using (var square = torch.rand(100, 100))
        using (square.mm(square))
        {
        }
        var middle = clock.Now();
        var since = clock.Since(start);
        var end = clock.Now();

        Assert.InRange(since, Stopwatch.GetElapsedTime(start, middle), Stopwatch.GetElapsedTime(start, end));
    }
}
