using System.Runtime.InteropServices;
using FreezeBench.Measurement;
using FreezeBench.Training;
using Xunit;

namespace FreezeBench.Tests.Measurement;

/// <summary>Ranges for profilers, events of phases and preheating, against a stand-in for NVIDIA's libraries.</summary>
public sealed class GpuPhasesTests
{
    [Fact]
    public void Ranges_AreAStepAndItsPhases()
    {
        using var library = new GpuStandIn();
        var ranges = NvtxRanges.OfAttachedProfiler(_ => "/opt/nsight/libInjection64.so", library.Library);
        Assert.NotNull(ranges);
        Step(ranges);
        Step(ranges);

        const string OneStep = "step(data()zero_grad()forward()loss()backward()optimizer())";
        var written = Marshal.GetDelegateForFunctionPointer<Written>(NativeLibrary.GetExport(NativeLibrary.Load(library.Library), "stand_in_ranges"));
        Assert.Equal(OneStep + OneStep, Marshal.PtrToStringUTF8(written()));
    }

    [Fact]
    public void WithoutAProfiler_OrItsLibrary_ThereAreNone()
    {
        using var library = new GpuStandIn();
        Assert.Null(NvtxRanges.OfAttachedProfiler(_ => null, library.Library));
        Assert.Null(NvtxRanges.OfAttachedProfiler(_ => "/opt/nsight/libInjection64.so", "/nowhere/libnvToolsExt.so.1"));
        Assert.Null(NvtxRanges.OfAttachedProfiler());
    }

    [Fact]
    public void Events_TimeEveryPhase_FromTheEndOfTheOneBefore()
    {
        using var library = new GpuStandIn();
        using var events = EventPhases.TryOpen(library.Library);
        Assert.NotNull(events);
        Step(events);
        Step(events);

        Assert.Equal(Enumerable.Repeat(0.1, 6), events.Read().Select(time => Math.Round(time, 6)));
    }

    [Fact]
    public void EventThatCannotBeRecorded_IsAnException_NotATimeOfZero()
    {
        using var library = new GpuStandIn("-DFAILING");
        using var events = EventPhases.TryOpen(library.Library);

        Assert.Contains("cudaEventRecord of the CUDA runtime has failed with error 700.", Assert.Throws<InvalidOperationException>(() => events!.StepBegins()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => events!.Read());
    }

    [Fact]
    public void RuntimeOfCuda_IsFoundByItsName()
    {
        using var temporary = new Temporary();
        Assert.Null(EventPhases.RuntimeIn(temporary.Folder));
        var path = Path.Combine(temporary.Folder, "libcudart-218eec4c.so.12");
        File.WriteAllBytes(path, []);

        Assert.Equal(OperatingSystem.IsWindows() ? null : path, EventPhases.RuntimeIn(temporary.Folder));
        Assert.Null(EventPhases.TryOpen(path));
    }

    [Fact]
    public void Preheating_WorksForItsTime_AndOnceAtLeast()
    {
        var time = new StepTime();
        Assert.Equal(20, Preheating.For(Preheating.OnCuda, () => time.Now += TimeSpan.FromMilliseconds(100), time));
        Assert.Equal(1, Preheating.For(TimeSpan.Zero, () => { }, time));
    }

    private delegate nint Written();

    private static void Step(IPhaseObserver observer)
    {
        observer.StepBegins();
        foreach (var phase in StepPhases.All)
            observer.PhaseEnds(phase);
    }

    private sealed class StepTime : TimeProvider
    {
        internal TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
