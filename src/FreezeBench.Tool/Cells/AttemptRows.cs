using FreezeBench.Results;
using FreezeBench.Results.Checks;

namespace FreezeBench.Tool.Cells;

/// <summary>Whether what an attempt wrote can be used.</summary>
internal static class AttemptRows
{
    /// <summary>What is wrong with the rows of a program that ended well; null: nothing.</summary>
    /// <param name="folder">The attempt's.</param>
    internal static string? FaultOf(string folder)
    {
        try
        {
            var result = ResultCheck.Run(Path.Combine(folder, Attempt.ResultsName));
            return result.Findings.FirstOrDefault(finding => finding.Kind.Severity == Severity.Error) is { } error ? $"its rows are wrong: {error.File}: {error.Message}" : null;
        }
        catch (UserErrorException error)
        {
            return $"it wrote no rows: {error.Message}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"its rows cannot be read: {error.Message}";
        }
    }
}
