using System.Globalization;
using FreezeBench.Faults;
using Xunit;

[assembly: AssemblyFixture(typeof(FaultTable))]

namespace FreezeBench.Faults;

/// <summary>Prints the counts of all faults on standard output when the tests have ended.</summary>
public sealed class FaultTable : IDisposable
{
    private static readonly string[] head = ["kind", "tried", "refused", "accepted", "lost", "rc 134"];

    /// <inheritdoc/>
    public void Dispose()
    {
        if (FaultTally.Concluded is { Count: > 0 } tallies)
            Console.Out.WriteLine($"\n{FaultAmounts.TimesVariable}={FaultAmounts.Times} {FaultAmounts.SeedVariable}={FaultAmounts.Seed}\n{Of(tallies)}");
    }

    internal static string Of(IEnumerable<FaultTally> tallies)
    {
        List<IReadOnlyList<string>> rows = [head, .. tallies.Select(tally => tally.Cells)];
        var widths = head.Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select((cell, column) => string.Format(CultureInfo.InvariantCulture, column == 0 ? $"{{0,-{widths[column]}}}" : $"{{0,{widths[column]}}}", cell)))));
    }
}
