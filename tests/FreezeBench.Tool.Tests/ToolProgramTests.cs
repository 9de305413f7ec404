using FreezeBench.Tool.Commands;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Tool.Tests;

public class ToolProgramTests
{
    [Fact]
    public void UnknownCommand_IsABadRequest()
    {
        using var console = new TestConsole();
        using var errors = new StringWriter();
        Assert.Equal(ExitCode.BadInput, ToolProgram.Run(["compair"], console, errors));
        Assert.Contains("compair", errors.ToString());
    }

    [Theory]
    [InlineData("compare", " ", " ")]
    [InlineData("compare", "a", "b", "--out", "\t")]
    [InlineData("rank", ".", "--out", "  ")]
    [InlineData("check", " ")]
    [InlineData("matrix", "plan", " ")]
    [InlineData("merge", " ", "--into", " ")]
    public void BlankPath_IsAnEmptyOne(params string[] arguments)
    {
        using var console = new TestConsole();
        using var errors = new StringWriter();
        Assert.Equal(ExitCode.BadInput, ToolProgram.Run(arguments, console, errors));
        Assert.Contains("is empty; give a path", errors.ToString());
    }
}
