using System.Globalization;
using System.Text.RegularExpressions;
using FreezeBench.Tool.Tests.Commands;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Tool.Tests;

/// <summary>What the README says about the tool is what the tool does.</summary>
public partial class ReadmeTests
{
    private static readonly string readme = File.ReadAllText(Path.Combine(Repository.Root, "src/FreezeBench.Tool/README.md"));

    [Fact]
    public void EveryCommand_IsOneThatTheToolTakes()
    {
        const string Start = "dotnet freezebench ";
        var commands = (File.ReadAllText(Path.Combine(Repository.Root, "README.md")) + readme).Split('\n').Where(line => line.StartsWith(Start, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(commands);

        using var console = new TestConsole();
        var root = ToolProgram.Root(console, TextWriter.Null);
        Assert.All(commands, line => Assert.Empty(root.Parse(line[Start.Length..]).Errors));
    }

    // A page that nobody scrolls to the end is for the HTML.
    [Fact]
    public void CommittedReport_IsAPage() => Assert.InRange(File.ReadAllLines(Path.Combine(Repository.Root, "results", "README.md")).Length, 1, 200);

    [Fact]
    public void RatesOfTheVerdicts_AreThoseOfTheStudy()
    {
        var study = Cells(File.ReadAllText(Path.Combine(Repository.Root, "tests", "FreezeBench.Results.Tests", "Comparison", "Goldens", "planted-shifts.md")));
        string[] shifts = ["0 %", "10 %", "50 %", "100 %"];
        var rows = Cells(readme).Where(cells => cells[0].EndsWith("% from run to run", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(rows);

        Assert.All(rows, cells => Assert.Equal(
            shifts.Select(shift => Rounded(study.Single(row => row[0] == $"simulated, {cells[0]}" && row[1] == cells[1] && row[2] == shift)[3])), cells[2..]));
    }

    [Fact]
    public void RatesOfTheMeans_AreThoseOfTheStudy()
    {
        var study = Cells(File.ReadAllText(Path.Combine(Repository.Root, "tests", "FreezeBench.Results.Tests", "Comparison", "Goldens", "planted-ratios.md")));
        var rows = Cells(readme).Where(cells => cells.Length == 6 && cells[0].Contains(" %, ", StringComparison.Ordinal)).ToList();
        Assert.Equal(6, rows.Count);
        string[] planted = ["1.05x", "1.20x", "2.00x"];

        Assert.All(rows, cells => Assert.Equal([.. planted.Select(ratio => Row(cells, ratio)[7])], cells[3..]));
        Assert.All(rows, cells => Assert.Equal(Number(Row(cells, "1.00x")[7]) + Number(Row(cells, "1.00x")[8]), Number(cells[2]), 0.001));

        string[] Row(string[] cells, string ratio) => study.Single(row => row[0] == cells[0] && row[1] == cells[1] && row[2] == ratio);

        static double Number(string percent) => double.Parse(percent.TrimEnd('%'), CultureInfo.InvariantCulture);
    }

    /// <summary>What the READMEs show of an output is how it begins today. FREEZEBENCH_UPDATE_GOLDENS=1 writes it anew.</summary>
    [Theory]
    [InlineData("README.md")]
    [InlineData("src/FreezeBench.Tool/README.md")]
    public void ShownOutput_IsMadeOfTheCommittedRows(string file)
    {
        var path = Path.Combine(Repository.Root, file);
        var text = File.ReadAllText(path);
        var shown = ShownOutput().Matches(text);
        Assert.NotEmpty(shown);
        foreach (Match block in shown)
        {
            var words = block.Groups["command"].Value.Split(' ');
            var run = ToolRun.Of([.. words.Select(word => word.StartsWith("results", StringComparison.Ordinal) ? Path.Combine(Repository.Root, word) : word)]);
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            // The answer and the first table, without the parts of a step and what comes after.
            var expected = string.Join("\n\n", run.Output.Split("\n\n")[..2]).Split("\npart ")[0];
            if (Environment.GetEnvironmentVariable("FREEZEBENCH_UPDATE_GOLDENS") == "1")
                File.WriteAllText(path, File.ReadAllText(path).Replace(block.Value, $"<!-- output:begin -->\n```\n$ freezebench {block.Groups["command"].Value}\n{expected}\n```\n<!-- output:end -->", StringComparison.Ordinal));
            else
                Assert.Equal(expected, block.Groups["output"].Value.TrimEnd('\n'));
        }
    }

    [GeneratedRegex("<!-- output:begin -->\n```\n\\$ freezebench (?<command>[^\n]+)\n(?<output>.*?)```\n<!-- output:end -->", RegexOptions.Singleline)]
    private static partial Regex ShownOutput();

    private static List<string[]> Cells(string markdown) => [.. markdown.Split('\n')
        .Where(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    /// <summary>One decimal below 2 %, none above.</summary>
    private static string Rounded(string percent)
    {
        var value = double.Parse(percent.TrimEnd(' ', '%'), CultureInfo.InvariantCulture);
        return Math.Round(value, value < 2 ? 1 : 0, MidpointRounding.AwayFromZero).ToString(value < 2 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";
    }

    [Fact]
    public void EveryCommandOfTheTool_IsInTheTable()
    {
        using var console = new TestConsole();

        Assert.All(ToolProgram.Root(console, TextWriter.Null).Subcommands, command => Assert.Contains($"| `{command.Name}` |", readme, StringComparison.Ordinal));
    }
}
