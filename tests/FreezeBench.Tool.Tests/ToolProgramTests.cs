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
}
