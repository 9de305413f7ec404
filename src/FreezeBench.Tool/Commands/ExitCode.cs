namespace FreezeBench.Tool.Commands;

/// <summary>What the tool ends with; 0 is done.</summary>
internal static class ExitCode
{
    /// <summary>What was looked for was found: a regression, a finding.</summary>
    internal const int Found = 1;

    /// <summary>The request or a file cannot be read as it stands.</summary>
    internal const int BadInput = 2;
}
