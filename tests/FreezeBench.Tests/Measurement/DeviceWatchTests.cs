using FreezeBench.Measurement;
using FreezeBench.Native;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Measurement;

public class DeviceWatchTests
{
    private static readonly DeviceChoice cpu = new(DeviceType.CPU, 0, "as asked");

    [Fact]
    public void Cpu_HasPeakMemory_AndNoKnowledgeOfThrottling()
    {
        using var watch = DeviceWatch.Start(cpu);
        var (peakMemoryBytes, throttled) = watch.Stop();

        // A process that holds .NET and libtorch is far above 10 MB.
        Assert.True(peakMemoryBytes > 10_000_000, $"Peak memory: {peakMemoryBytes} bytes.");
        Assert.Null(throttled);
    }

    [Fact]
    public void Peak_DoesNotFall()
    {
        using var watch = DeviceWatch.Start(cpu);
        var (before, _) = watch.Stop();
        using (torch.ones(4_000_000))
        {
        }
        Assert.True(watch.Stop().PeakMemoryBytes >= before);
    }

    [Fact]
    public void Dispose_Twice_IsHarmless()
    {
        var watch = DeviceWatch.Start(cpu);
        watch.Dispose();
        watch.Dispose();
    }
}
