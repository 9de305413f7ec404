using FreezeBench.Results.Tables;
using Xunit;

namespace FreezeBench.Results.Tests.Tables;

public class TableTests
{
    private const string Long = "  1  Intel Xeon, AVX-512, 2 cores, results/intel-xeon-2c-4b8c0192@653c6f75d7, libtorch 2.10.0.0";

    [Fact]
    public void WideTable_IsBrokenAtTheBlanksOfItsNames_UntilItFits()
    {
        var lines = new Table(["machine", "time", "to the first"], [[Long, "12.34 ms", "1"], ["  2  AMD", "1 ms", null]], 0).Plain("-").ToList();

        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.Equal(["machine  time  to the first", "1  Intel Xeon, AVX-512, 2 cores,  12.34 ms  1", "results/intel-xeon-2c-4b8c0192@653c6f75d7,", "libtorch 2.10.0.0", "2  AMD  1 ms  -"], lines.Select(Once));
        Assert.Equal(lines[0].Length, lines[1].Length);
        Assert.StartsWith("       results/", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void TableThatFits_HasALineForEachRow() =>
        Assert.Equal(["a     b", "x y  12", "z     -"], new Table(["a", "b"], [["x y", "12"], ["z", null]], 0).Plain("-"));

    // Three blanks and more, and two, as two.
    private static string Once(string line) => System.Text.RegularExpressions.Regex.Replace(line.Trim(), " {2,}", "  ");
}
