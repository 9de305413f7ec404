using System.Globalization;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Tool.Tests;

/// <summary>What the README says about the tool is what the tool does.</summary>
public class ReadmeTests
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
