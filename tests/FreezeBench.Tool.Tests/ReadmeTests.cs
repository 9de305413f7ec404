using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Tool.Tests;

/// <summary>What the README says about the tool is what the tool does.</summary>
public class ReadmeTests
{
    private static readonly string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void EveryCommand_IsOneThatTheToolTakes()
    {
        const string Start = "dotnet freezebench ";
        var commands = readme.Split('\n').Where(line => line.StartsWith(Start, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(commands);

        using var console = new TestConsole();
        var root = ToolProgram.Root(console, TextWriter.Null);
        Assert.All(commands, line => Assert.Empty(root.Parse(line[Start.Length..]).Errors));
    }

    [Fact]
    public void EveryCommandOfTheTool_IsInTheTable()
    {
        using var console = new TestConsole();

        Assert.All(ToolProgram.Root(console, TextWriter.Null).Subcommands, command => Assert.Contains($"| `{command.Name}` |", readme, StringComparison.Ordinal));
    }
}
