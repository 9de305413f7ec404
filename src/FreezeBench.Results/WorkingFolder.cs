namespace FreezeBench.Results;

/// <summary>The folder in which a program was started. It may be deleted behind it: then no relative path means anything, and libraries that look for themselves find nothing.</summary>
public static class WorkingFolder
{
    /// <summary>What is wrong with it, in a sentence; null: nothing.</summary>
    public static string? Fault()
    {
        try
        {
            _ = Directory.GetCurrentDirectory();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "the folder in which this program was started is gone, or may not be looked at: it was deleted or moved meanwhile. Go to one that is there (cd), and start it again.";
        }
    }
}
