namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>A case that tells where it runs, beside no busy program. Run when first asked for.</summary>
public sealed class ToldCase : IDisposable
{
    private readonly Lazy<ProbeRun> run = new(() => ProbeRun.OfMeasured());

    internal ProbeRun Run => run.Value;

    public void Dispose()
    {
        if (run.IsValueCreated)
            run.Value.Dispose();
    }
}
