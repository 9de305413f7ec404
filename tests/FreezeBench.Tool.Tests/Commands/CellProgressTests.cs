using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Commands;
using FreezeBench.Tool.Tests.Cells;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

public sealed class CellProgressTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CellsAreTold_OnATerminalAndInALog(bool interactive)
    {
        using var matrix = new MatrixFolder();
        using var console = new TestConsole();
        console.Profile.Capabilities.Interactive = interactive;
        console.Profile.Width = interactive ? 80 : 1000;
        var folder = matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001");
        var attempt = Attempt.Read(folder)!;

        var answer = CellProgress.Follow(console, 4, reporter =>
        {
            reporter.Skipped(matrix.Cells[1], "done on a1");
            reporter.Begins(matrix.Cells[0], null);
            // Brackets are no markup, whoever prints them; and a line may be of any length.
            reporter.Says("[bold]epoch 1" + new string('x', 300));
            reporter.Ends(matrix.Cells[0], attempt, folder);
            return 7;
        });

        Assert.Equal(7, answer);
        Assert.Contains($"1/4  {matrix.Cells[1].Id}  done on a1", console.Output, StringComparison.Ordinal);
        Assert.Contains($"2/4  {matrix.Cells[0].Id}  done in 1:00", console.Output, StringComparison.Ordinal);
        Assert.Equal(interactive, console.Output.Contains("[bold]epoch", StringComparison.Ordinal));
    }
}
