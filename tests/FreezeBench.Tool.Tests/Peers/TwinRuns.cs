using Xunit;

namespace FreezeBench.Tool.Tests.Peers;

/// <summary>
/// Runs of the twin for all tests of a class, each made when first asked for. A case takes seconds of the processor: a process, torch's
/// import and the processor's peak, so that it has them in the smallest run alone. Together they reach every method of the twin.
/// </summary>
public sealed class TwinRuns : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-twin-runs-").FullName;
    private readonly Lazy<(string Cached, string Steps)> copies;
    private readonly Lazy<string> started;

    public TwinRuns()
    {
        copies = new(() =>
        {
            // Epochs on features have steps of a fraction of a millisecond. The depths are the suite's own, whatever policy is asked for.
            var (cached, steps) = (Target("cached"), Target("steps"));
            Succeed(Python.TwinOfCopies(Words(cached, "epoch,depth", "frozen-cached", "4"), Words(steps, "step", "frozen", "16")));
            return (cached, steps);
        });
        started = new(() =>
        {
            var target = Target("started");
            Succeed(Python.Twin([.. Words(target, "epoch", "frozen", "4")]));
            return target;
        });
    }

    /// <summary>Where a run of the suites epoch and depth in batches of 4 wrote.</summary>
    internal string Cached => copies.Value.Cached;

    /// <summary>Where a run of the suite step in batches of 16 wrote.</summary>
    internal string Steps => copies.Value.Steps;

    /// <summary>Where a run wrote whose one case was started as a user's are: an epoch.</summary>
    internal string Started => started.Value;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Target(string name) => Path.Combine(folder, name);

    private static string[] Words(string target, string suites, string policies, string batchSize) =>
        ["--quick", "--suites", suites, "--policies", policies, "--frameworks", "pytorch", "--device", "cpu", "--threads", "1", "--resolution", "16", "--batch-size", batchSize, "--iterations", "5", "--out", target];

    private static void Succeed((int ExitCode, string Output, string Errors) ended) => Assert.True(ended.ExitCode == 0, ended.Errors);
}
