namespace FreezeBench.Results.Checks;

/// <summary>How grave a finding is.</summary>
public enum Severity
{
    /// <summary>Worth knowing before a number is quoted; the rows are sound.</summary>
    Note,

    /// <summary>The rows contradict themselves, each other or their environment: no number of them should be quoted.</summary>
    Error,
}
