using System.Text.Json;
using FreezeBench.Results;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>What a process is to check that the program has started of itself; in an environment variable.</summary>
/// <param name="Checks">Names, in order.</param>
/// <param name="Report">A file, to which it adds the name of a check before it, and what it found behind it.</param>
internal sealed record CheckOrder(IReadOnlyList<string> Checks, string Report)
{
    /// <summary>For the harness alone.</summary>
    internal const string Variable = "FREEZEBENCH_DEVICE_CHECKS";

    /// <summary>The order that this process was started with; null: it was started by somebody else.</summary>
    internal static CheckOrder? Received() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } json ? StrictJson.Read<CheckOrder>(json) : null;

    /// <summary>For <see cref="Received"/>.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this);
}
