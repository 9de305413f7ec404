using System.Text.Json;
using FreezeBench.Benchmarks.Processes;
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
    /// <exception cref="UserErrorException">What it was started with is no order, as in an environment that a user has made.</exception>
    internal static CheckOrder? Received()
    {
        if (!OrderVariable.IsSet(Variable))
            return null;
        try
        {
            return StrictJson.Read<CheckOrder>(Environment.GetEnvironmentVariable(Variable)!) ?? throw new JsonException("it is null.");
        }
        catch (JsonException error)
        {
            throw OrderVariable.NoOrder(Variable, "a process of its own what to check", error);
        }
    }

    internal string ToJson() => JsonSerializer.Serialize(this);
}
