using System.Collections.Concurrent;

namespace FreezeBench.Results.Rows;

/// <summary>One string for equal texts, across the files that are read together and from any thread.</summary>
/// <remarks>A thousand files name the same policies, networks and commits; without a pool each has copies of its own.</remarks>
internal sealed class TextPool
{
    private readonly ConcurrentDictionary<string, string> texts = new(StringComparer.Ordinal);

    internal string One(string text) => texts.GetOrAdd(text, text);
}
