using FreezeBench.Downloads;

namespace FreezeBench.Tests.Downloads;

/// <summary>Writes down what it hears.</summary>
internal sealed class RecordingProgress : IDownloadProgress
{
    private readonly Lock gate = new();
    private readonly List<string> events = [];
    private readonly List<string> lines = [];

    /// <summary>Begins and Ends, with the bytes between them as one sum.</summary>
    internal IReadOnlyList<string> Events { get { lock (gate) return [.. events]; } }

    internal IReadOnlyList<string> Lines { get { lock (gate) return [.. lines]; } }

    internal Action<string> OnLine { get; init; } = _ => { };

    internal Action OnAdvance { get; init; } = () => { };

    private long sum;

    public void Begins(string fileName, long? totalBytes, long alreadyThere)
    {
        lock (gate)
            events.Add($"begins {fileName} {(totalBytes is { } total ? $"{total}" : "?")} {alreadyThere}");
        sum = 0;
    }

    public void Advances(long bytes)
    {
        sum += bytes;
        OnAdvance();
    }

    public void Says(string line)
    {
        lock (gate)
            lines.Add(line);
        OnLine(line);
    }

    public void Ends()
    {
        lock (gate)
            events.Add($"ends {sum}");
    }
}
