namespace FreezeBench.Benchmarks.Cases;

/// <summary>Runs whose times nobody keeps, on a machine that is never idle: their rows have every column, made with the least work.</summary>
public static class UnkeptTimes
{
    /// <summary>The variable of the environment that says so, set to anything.</summary>
    public const string Variable = "FREEZEBENCH_MEASURE_ONCE";

    /// <summary>Whether this process is of such a run.</summary>
    public static bool Asked { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };
}
