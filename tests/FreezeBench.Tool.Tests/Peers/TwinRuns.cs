using Xunit;

namespace FreezeBench.Tool.Tests.Peers;

/// <summary>
/// Two runs of the twin for all tests of a class, each made when first asked for. A case takes seconds: a process, torch's import and
/// the processor's peak, so that only the smaller run has them for each case. Together they reach every method of the twin.
/// </summary>
public sealed class TwinRuns : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-twin-runs-").FullName;
    private readonly Lazy<string> cached;
    private readonly Lazy<string> steps;

    public TwinRuns()
    {
        // Epochs on features have steps of a fraction of a millisecond. The depths are the suite's own, whatever policy is asked for.
        cached = new(() => Run(Python.TwinOfCopies, "cached", "epoch,depth", "frozen-cached", "4"));
        steps = new(() => Run(Python.Twin, "steps", "step", "frozen", "16"));
    }

    /// <summary>Where a run of the suites epoch and depth in batches of 4 wrote.</summary>
    internal string Cached => cached.Value;

    /// <summary>Where a run of the suite step in batches of 16 wrote.</summary>
    internal string Steps => steps.Value;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Run(Func<string[], (int ExitCode, string Output, string Errors)> twin, string name, string suites, string policies, string batchSize)
    {
        var target = Path.Combine(folder, name);
        var (exitCode, _, errors) = twin([
            "--quick", "--suites", suites, "--policies", policies, "--frameworks", "pytorch", "--device", "cpu", "--threads", "1", "--batch-size", batchSize, "--iterations", "5", "--out", target]);
        Assert.True(exitCode == 0, errors);
        return target;
    }
}
