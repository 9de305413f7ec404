namespace FreezeBench.Benchmarks.Cases;

/// <summary>What tells a case from the others of its run.</summary>
/// <param name="Suite">In the CSV.</param>
/// <param name="Method">The benchmark method.</param>
/// <param name="Policy">The freezing policy.</param>
/// <param name="Kernels">Name of its kernels.</param>
/// <param name="Size">Its own, or the run's.</param>
public sealed record CaseId(string Suite, string Method, string Policy, string Kernels, CaseSize Size)
{
    /// <summary>For messages.</summary>
    public override string ToString() => $"{Suite}.{Method}({Policy}, {Kernels}, {Size})";
}
