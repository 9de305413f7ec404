namespace FreezeBench.Results.Ends;

/// <summary>What a process left where it was told to (<see cref="NativeEnd.LeaveWordAt"/>).</summary>
/// <param name="Type">Of the exception, as C++ writes it.</param>
/// <param name="Message">What it said.</param>
/// <param name="OfMemory">Whether memory was short.</param>
public sealed record EndWord(string Type, string Message, bool OfMemory)
{
    // NativeEnd writes 4 KB at most.
    private const long LargestBytes = 64 << 10;

    /// <summary>Reads it; null: there is none, or its writer could not write all of it.</summary>
    public static EndWord? Read(string path) => OwnFile.Json<EndWord>(path, LargestBytes);
}
