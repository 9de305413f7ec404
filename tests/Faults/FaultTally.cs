using System.Collections.Concurrent;
using System.Globalization;
using Xunit;

namespace FreezeBench.Faults;

/// <summary>What came of one kind of fault: every case ends in one of the columns, and nothing may be lost or crash.</summary>
/// <param name="kind">Such as <c>results: damaged files</c>.</param>
internal sealed class FaultTally(string kind)
{
    private const int MostShown = 5;

    /// <summary>What a process ends with that an exception ended, which nobody has handled (128 and the number of SIGABRT).</summary>
    internal const int Aborted = 134;

    private static readonly ConcurrentQueue<FaultTally> all = [];

    private readonly Lock gate = new();
    private readonly List<string> failures = [];
    private int tried, refused, accepted, lost, crashed;

    /// <summary>Told in a message.</summary>
    internal void Refused() => Count(ref refused);

    /// <summary>Done with, to a good end.</summary>
    internal void Accepted() => Count(ref accepted);

    /// <summary>What was promised does not hold: a row, a file or a message is missing.</summary>
    internal void Lost(int seed, string what) => Failed(ref lost, seed, what);

    /// <summary>An exception that nobody has handled.</summary>
    internal void Crashed(int seed, string what) => Failed(ref crashed, seed, what);

    /// <summary>Counts an end by its exit code, where 0 is a good end and 1 or 2 a message.</summary>
    internal void Ended(int seed, int exitCode, string command, string errors)
    {
        if (exitCode == Aborted || errors.Contains("Unhandled exception", StringComparison.Ordinal))
            Crashed(seed, $"{command}\n{errors}");
        else if (exitCode is < 0 or > 2 || errors.Contains("\n   at ", StringComparison.Ordinal) || errors.Contains('\u001b', StringComparison.Ordinal))
            Lost(seed, $"{command} ended with {exitCode}\n{errors}");
        else if (exitCode == 0)
            Accepted();
        else
            Refused();
    }

    /// <summary>Keeps it for the table, and fails the test where something was lost or has crashed.</summary>
    internal void Conclude()
    {
        all.Enqueue(this);
        TestContext.Current.TestOutputHelper?.WriteLine(FaultTable.Of([this]));
        Assert.True(failures.Count == 0, $"{FaultTable.Of([this])}\n{string.Join("\n\n", failures.Take(MostShown))}");
        Assert.True(tried > 0, $"{kind}: nothing was tried.");
    }

    /// <summary>Of all that have concluded.</summary>
    internal static IReadOnlyList<FaultTally> Concluded => [.. all];

    /// <summary>The row of the table.</summary>
    internal IReadOnlyList<string> Cells => [kind, .. new[] { tried, refused, accepted, lost, crashed }.Select(count => count.ToString(CultureInfo.InvariantCulture))];

    private void Count(ref int column)
    {
        lock (gate)
        {
            tried++;
            column++;
        }
    }

    private void Failed(ref int column, int seed, string what)
    {
        Count(ref column);
        lock (gate)
            failures.Add($"{FaultAmounts.SeedVariable}={seed}: {kind}: {what}");
    }
}
