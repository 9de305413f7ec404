using System.Globalization;

namespace FreezeBench.Tests.Downloads;

/// <summary>What a client asked.</summary>
/// <param name="Number">0 for the first request of a server's life.</param>
/// <param name="Headers">Names in any case.</param>
internal sealed record ServerRequest(int Number, IReadOnlyDictionary<string, string> Headers)
{
    internal string? IfRange => Headers.GetValueOrDefault("If-Range");

    /// <summary>First byte that is asked for; null: all.</summary>
    internal int? From => Headers.TryGetValue("Range", out var range)
        ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
        : null;
}
