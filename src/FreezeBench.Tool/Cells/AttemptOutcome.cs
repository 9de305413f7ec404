namespace FreezeBench.Tool.Cells;

/// <summary>How an attempt stands.</summary>
internal enum AttemptOutcome
{
    /// <summary>Under way, or cut off without a word.</summary>
    Running,

    /// <summary>Its rows are whole.</summary>
    Finished,

    /// <summary>The program ended with an error.</summary>
    Failed,

    /// <summary>Somebody ended it before its time.</summary>
    Interrupted,
}
