using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using FreezeBench.Benchmarks.Processes;
using Perfolizer.Horology;
using Perfolizer.Mathematics.OutlierDetection;

namespace FreezeBench.Benchmarks.Running;

/// <summary>How cases are measured: one place, each number with its reason.</summary>
public static class SuiteJobs
{
    /// <summary>For operations of seconds: every iteration is one operation.</summary>
    public static Job SingleCall(bool quick) => Common(new Job("single-call"))
        .WithStrategy(RunStrategy.Monitoring)   // no pilot: it would run four epochs to find out that one is enough
        .WithInvocationCount(1)
        .WithWarmupCount(1)                     // first-call costs of libtorch (thread pool, kernel choice, allocator) end with one epoch
        .WithIterationCount(quick ? 3 : 5);     // a median that one disturbed epoch does not move; bounds come from rounds, which more iterations do not replace

    /// <summary>For operations of 0.1 ms to seconds: a pilot finds how many make an iteration long enough to be timed well.</summary>
    /// <param name="quick">Short ones.</param>
    /// <param name="cuda">On a GPU an iteration is half a second: its clocks and its power limit move within tenths of one.</param>
    public static Job ManyCalls(bool quick, bool cuda = false) => Common(new Job("many-calls"))
        .WithStrategy(RunStrategy.Throughput)
        .WithMinInvokeCount(1)
        .WithUnrollFactor(1)                    // an operation is a whole step: unrolling it would only lengthen iterations
        .WithEvaluateOverhead(false)            // an empty call is nanoseconds, a step is 0.1 ms at least
        .WithIterationTime(TimeInterval.FromMilliseconds(quick ? 20 : cuda ? 500 : 100)) // 1,000 times the clock's and the loop's own cost
        .WithWarmupCount(1)                     // jitting and pilot have run the step five times or more by then
        .WithIterationCount(quick ? 4 : 7);     // enough for the quartiles of the noise verdict

    private static Job Common(Job job) => job
        .WithToolchain(OwnProcessToolchain.Instance)
        .WithLaunchCount(1)                       // each case has a process of its own; a second one would double the run
        .WithOutlierMode(OutlierMode.DontRemove); // every measured iteration is kept and reported
}
