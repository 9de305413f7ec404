using System.Runtime.InteropServices;
using FreezeBench.Measurement;
using FreezeBench.Results.Rows;
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
        // A library that is not there, and one that has not the functions, are passed over.
        var ranges = NvtxRanges.OfAttachedProfiler(_ => "/opt/nsight/libInjection64.so", () => ["/nowhere/libnvtx3interop.so.1", "libc.so.6", library.Library]);
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
        Assert.Null(NvtxRanges.OfAttachedProfiler(_ => null, () => [library.Library]));
        Assert.Null(NvtxRanges.OfAttachedProfiler(_ => "/opt/nsight/libInjection64.so", () => ["/nowhere/libnvToolsExt.so.1"]));
        Assert.Null(NvtxRanges.OfAttachedProfiler());
    }

    // As pip lays the libraries of CUDA 12 and of CUDA 13, whose older name is gone.
    [Fact]
    public void LibraryOfRanges_IsLookedForBesideTheRuntimeToo_ByBothNames()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It has other names there.");
        Assert.Equal(["libnvtx3interop.so.1", "libnvToolsExt.so.1"], NvtxRanges.Libraries(null));
        Assert.Equal(
            [
                "libnvtx3interop.so.1", "/packages/nvidia/cuda_runtime/lib/libnvtx3interop.so.1", "/packages/nvidia/nvtx/lib/libnvtx3interop.so.1",
                "libnvToolsExt.so.1", "/packages/nvidia/cuda_runtime/lib/libnvToolsExt.so.1", "/packages/nvidia/nvtx/lib/libnvToolsExt.so.1",
            ],
            NvtxRanges.Libraries("/packages/nvidia/cuda_runtime/lib/libcudart.so.12"));
        Assert.Contains("/packages/nvidia/cu13/lib/libnvtx3interop.so.1", NvtxRanges.Libraries("/packages/nvidia/cu13/lib/libcudart.so.13"));
    }

    [Theory]
    [InlineData]
    [InlineData("-DSECOND_NAME")]
    public void Events_TimeEveryPhase_FromTheEndOfTheOneBefore(params string[] switches)
    {
        using var library = new GpuStandIn(switches);
        using var events = EventPhases.TryOpen(library.Library, 1);
        Assert.NotNull(events);
        Step(events);
        Step(events);

        Assert.Equal(Enumerable.Repeat(0.1, 6), events.Read().Select(time => Math.Round(time, 6)));
    }

    [Fact]
    public void EventThatCannotBeRecorded_IsAnException_NotATimeOfZero()
    {
        using var library = new GpuStandIn("-DFAILING");
        using var events = EventPhases.TryOpen(library.Library, 1);

        Assert.Contains("cudaEventRecord of the CUDA runtime has failed with error 700.", Assert.Throws<InvalidOperationException>(() => events!.StepBegins()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => events!.Read());
        // libtorch asks after each kernel, and would take it for its own.
        Assert.Equal(0, Marshal.GetDelegateForFunctionPointer<LastError>(NativeLibrary.GetExport(NativeLibrary.Load(library.Library), "cudaGetLastError"))());
        Assert.Contains("cudaSetDevice of the CUDA runtime has failed with error 101.", Assert.Throws<InvalidOperationException>(() => EventPhases.TryOpen(library.Library, 7)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RuntimeOfCuda_IsFoundAmongWhatIsLoaded_ByItsName()
    {
        Assert.Equal("/opt/torch/lib/libcudart-218eec4c.so.12", EventPhases.RuntimeAmong(["/opt/torch/lib/libc10.so", "/opt/torch/lib/libcudart-218eec4c.so.12"]));
        Assert.Null(EventPhases.RuntimeAmong(["/opt/torch/lib/libc10.so"]));
        Assert.Null(EventPhases.TryOpen("/nowhere/libcudart.so.12", 0));
    }

    [Fact]
    public void PhasesOnTheGpu_AreOfAStepBehindThreeUndisturbedOnes_AndWhatFailsIsNull()
    {
        using var library = new GpuStandIn();
        List<bool> observed = [];
        void Issue(IPhaseObserver observer)
        {
            observed.Add(observer is EventPhases);
            Step(observer);
        }

        var times = StepTrial.DeviceTimesMs(library.Library, 1, Issue, new StepTime());

        Assert.Equal(StepPhases.All.Select(phase => (phase.Name(), 0.1)), times!.Select(time => (time.Key, Math.Round(time.Value, 6))));
        Assert.Equal(Enumerable.Range(0, 28).Select(step => step % 4 == 3), observed);
        Assert.Null(StepTrial.DeviceTimesMs(null, 1, Issue, new StepTime()));
        Assert.Null(StepTrial.DeviceTimesMs(library.Library, 7, Issue, new StepTime()));
        Assert.Null(StepTrial.DeviceTimesMs(library.Library, 1, _ => throw new InvalidOperationException("CUDA error"), new StepTime()));
        var (slow, steps) = (new StepTime(), 0);
        Assert.NotNull(StepTrial.DeviceTimesMs(library.Library, 1, observer => { steps++; slow.Now += TimeSpan.FromSeconds(1); Step(observer); }, slow));
        Assert.Equal(4, steps);
        using var failing = new GpuStandIn("-DFAILING");
        Assert.Null(StepTrial.DeviceTimesMs(failing.Library, 1, Issue, new StepTime()));
    }

    // A GPU that works beside the host. Launches have to wait where its queue is full, so that in a row of steps issuing seems to take as long as the work does.
    [Theory]
    [InlineData(5, 20, BoundBy.Device, 0.25)]
    [InlineData(17, 20, BoundBy.Device, 0.85)]
    [InlineData(19, 20, BoundBy.Host, 0.95)]
    [InlineData(20, 5, BoundBy.Host, 1)]
    public void StepIsBoundBy_WhoeverTakesLonger(int hostMs, int gpuMs, BoundBy by, double ratio)
    {
        var time = new StepTime();
        var (gpuIsDone, steps, waits) = (TimeSpan.Zero, 0, 0);
        void Issue()
        {
            steps++;
            var began = time.Now;
            time.Now += TimeSpan.FromMilliseconds(hostMs);
            var queueIsFull = gpuIsDone - TimeSpan.FromMilliseconds(gpuMs / 10.0);
            if (steps % 11 != 1 && time.Now < queueIsFull)
                time.Now = queueIsFull;
            gpuIsDone = (gpuIsDone > began ? gpuIsDone : began) + TimeSpan.FromMilliseconds(gpuMs);
        }
        void Wait()
        {
            waits++;
            time.Now = gpuIsDone > time.Now ? gpuIsDone : time.Now;
        }

        var bound = StepTrial.Bound(Issue, Wait, time)!;

        Assert.Equal((by, ratio), (bound.By, Math.Round(bound.HostIssueRatio, 2)));
        Assert.Equal((Math.Max(hostMs, gpuMs), Math.Max(hostMs, gpuMs), hostMs), (bound.SingleMs, bound.StepMs, bound.IssueMs));
        Assert.Equal((77, 15), (steps, waits));
    }

    [Fact]
    public void SlowSteps_AreTriedInOneRound_AndOneThatFailsIsNotKnown()
    {
        var (time, steps) = (new StepTime(), 0);
        var bound = StepTrial.Bound(() => { steps++; time.Now += TimeSpan.FromSeconds(1); }, () => { }, time);

        Assert.Equal((11, 1.0), (steps, bound!.HostIssueRatio));
        Assert.Null(StepTrial.Bound(() => throw new InvalidOperationException("CUDA error: an illegal memory access was encountered"), () => { }, time));
        Assert.Null(StepTrial.Bound(() => { }, () => { }, time));
    }

    [Fact]
    public void Preheating_WorksForItsTime_AndOnceAtLeast()
    {
        var time = new StepTime();
        Assert.Equal(20, Preheating.For(Preheating.OnCuda, () => time.Now += TimeSpan.FromMilliseconds(100), time));
        Assert.Equal(1, Preheating.For(TimeSpan.Zero, () => { }, time));
    }

    private delegate nint Written();

    private delegate int LastError();

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
