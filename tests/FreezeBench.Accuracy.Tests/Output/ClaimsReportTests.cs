using FreezeBench.Accuracy.Claims;
using FreezeBench.Accuracy.Output;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Output;

public class ClaimsReportTests
{
    private static readonly int[] counts = [2, 3, 10, 100];
    private static readonly string[] policies = ["fine-tune", "frozen", "frozen-cached"];

    [Fact]
    public void EveryClaim_HasItsVerdict_AndItsWholeStatement_In80Columns()
    {
        AccuracyRow[] rows =
        [
            .. from classes in counts
               from policy in policies
               from epoch in Enumerable.Range(1, 3)
               select MadeUp.Epoch(policy, policy == "fine-tune" ? 987 : 1000 - (10 * classes / 2), classes, epoch),
        ];
        foreach (var claims in new[] { PostClaims.Check(rows), PostClaims.Check([]) })
        {
            using var console = new TestConsole();
            ClaimsReport.Write(console, claims);

            Assert.All(console.Lines, line => Assert.True(line.TrimEnd().Length <= 80, line));
            Assert.All(claims, claim => Assert.Contains(console.Lines, line => line.EndsWith(claim.Statement, StringComparison.Ordinal)));
            // What was measured begins below the statement.
            Assert.All(claims, claim => Assert.Contains(console.Lines, line => line.StartsWith(new string(' ', 15) + claim.Measured[..10], StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(Verdict.Held, "  held         statement")]
    [InlineData(Verdict.DidNotHold, "  did not hold statement")]
    [InlineData(Verdict.Undecided, "  undecided    statement")]
    [InlineData(Verdict.NotMeasured, "  not measured statement")]
    public void EachVerdict_HasItsWord(Verdict verdict, string expected)
    {
        using var console = new TestConsole();
        ClaimsReport.Write(console, [new Claim("statement", "measured", verdict)]);

        Assert.Contains(expected, console.Lines);
    }
}
