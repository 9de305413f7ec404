using System.Globalization;
using FreezeBench.Results.Rows;

namespace FreezeBench.Benchmarks.Cases;

/// <summary>What a step of a case is made of.</summary>
/// <param name="BatchSize">Images per step.</param>
/// <param name="ResolutionPx">Height and width that the network sees.</param>
public sealed record CaseSize(int BatchSize, int ResolutionPx)
{
    private const string Unit = "px";

    /// <summary>Reads what <see cref="ToString"/> wrote: BenchmarkDotNet carries a case's parameters as text.</summary>
    public static CaseSize Parse(string text)
    {
        var parts = text[..^Unit.Length].Split('x');
        return new CaseSize(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>A case of this size.</summary>
    public CaseSettings Of(string suite, string policy, KernelKind kernels) =>
        new(suite, policy, Kernels: kernels, BatchSize: BatchSize, ResolutionPx: ResolutionPx);

    /// <summary>Such as <c>64x32px</c>: 64 images of 32 px.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{BatchSize}x{ResolutionPx}{Unit}");
}
