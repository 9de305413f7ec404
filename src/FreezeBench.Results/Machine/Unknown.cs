namespace FreezeBench.Results.Machine;

/// <summary>How a fact that nobody could determine is written, in JSON and in CSV, for texts, numbers and flags alike.</summary>
/// <remarks>An empty cell could also be a truncated file or a forgotten value, and null would need a second rule for
/// texts. In C# an unknown text is this word and an unknown number or flag is null.</remarks>
public static class Unknown
{
    /// <summary>The word.</summary>
    public const string Text = "unknown";
}
