using FreezeBench.Kernels;
using FreezeBench.Results;
using FreezeBench.Results.Rows;

namespace FreezeBench.Programs;

/// <summary>One set of kernels, or both: what <c>--kernels</c> takes.</summary>
public static class KernelChoice
{
    private const string Both = "both";

    /// <summary>For --help, the parser and its message.</summary>
    public static string ValidNames { get; } = $"{KernelSet.ValidNames}, {Both}";

    /// <summary>Reads a choice.</summary>
    /// <returns>Plain ones first, since what fast ones do to the process's heap cannot be taken back.</returns>
    /// <exception cref="UserErrorException">The name is none of <see cref="ValidNames"/>.</exception>
    public static IReadOnlyList<KernelSet> Parse(string name) => name == Both ? KernelSet.All
        : KernelSet.All.FirstOrDefault(kernels => kernels.Name == name) is { } one ? [one]
        : throw new UserErrorException($"Unknown kernels '{name}'. Valid values: {ValidNames}.");

    /// <summary>As rows name them.</summary>
    public static KernelKind Kind(this KernelSet kernels) => kernels == KernelSet.Plain ? KernelKind.Plain : KernelKind.Fast;
}
