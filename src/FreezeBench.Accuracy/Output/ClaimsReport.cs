using FreezeBench.Accuracy.Claims;
using Spectre.Console;

namespace FreezeBench.Accuracy.Output;

/// <summary>Prints claims, what was measured and whether they held.</summary>
public static class ClaimsReport
{
    /// <summary>Two or three lines a claim.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<Claim> claims)
    {
        console.WriteLine("Claims of the post (± is two standard errors of the test set):");
        foreach (var claim in claims)
        {
            console.WriteLine($"  {Word(claim.Verdict),-12} {claim.Statement}");
            console.Write(new Padder(new Text(claim.Measured), new Padding(15, 0, 0, 0)));
        }
    }

    /// <summary>A verdict in words.</summary>
    public static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Held => "held",
        Verdict.DidNotHold => "did not hold",
        Verdict.Undecided => "undecided",
        _ => "not measured",
    };
}
