namespace FreezeBench.Benchmarks.Cases;

/// <summary>Names of the suites in <c>--suites</c> and in the CSV.</summary>
public static class SuiteNames
{
    /// <summary>Time of a training epoch.</summary>
    public const string Epoch = "epoch";

    /// <summary>Time of a step, whole and phase by phase.</summary>
    public const string Step = "step";

    /// <summary>Backward and step for every freezing depth.</summary>
    public const string Depth = "depth";

    /// <summary>Steps by size, and what an epoch's time is made of: two classes.</summary>
    public const string Scaling = "scaling";

    /// <summary>Valid values of <c>--suites</c>.</summary>
    public const string Valid = $"{Epoch}, {Step}, {Depth}, {Scaling}";

    /// <summary>The suites of a run that names none. Depth asks what the phases of the suite step tell too; scaling has questions of its own, and takes minutes more.</summary>
    public static IReadOnlyList<string> Default { get; } = [Epoch, Step];

    /// <summary>Those of a quick run: it is to show that all works.</summary>
    public static IReadOnlyList<string> Quick { get; } = [Epoch, Step, Depth];

    /// <summary>Every suite, in running order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Quick, Scaling];
}
