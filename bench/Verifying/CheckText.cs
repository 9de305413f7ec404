using FreezeBench.Results.Verification;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>Outcomes in words.</summary>
internal static class CheckText
{
    internal static string Of(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Pass => "pass",
        CheckOutcome.Fail => "fail",
        CheckOutcome.NotRun => "not run",
        _ => "not applicable",
    };
}
