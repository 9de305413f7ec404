namespace FreezeBench.Downloads;

/// <summary>Tells nobody.</summary>
public sealed class SilentProgress : IDownloadProgress
{
    /// <summary>The only one that is needed.</summary>
    public static readonly SilentProgress Instance = new();

    /// <inheritdoc/>
    public void Begins(string fileName, long? totalBytes, long alreadyThere) { }

    /// <inheritdoc/>
    public void Advances(long bytes) { }

    /// <inheritdoc/>
    public void Says(string line) { }

    /// <inheritdoc/>
    public void Ends() { }
}
