using FreezeBench.Results;

namespace FreezeBench.Downloads;

/// <summary>A file on a server, and how it is known again: what is fetched is checked, wherever it came from.</summary>
public sealed record RemoteFile
{
    // torchvision's file names carry 8 digits; fewer would let a wrong file pass too often.
    private const int FewestDigits = 8;
    private const int AllDigits = 64;

    /// <param name="uri">Absolute http or https address.</param>
    /// <param name="fileName">Name in the folder, without a path.</param>
    /// <param name="sha256">The SHA-256 in lower-case hex: all 64 digits, or the first 8 and more of them.</param>
    /// <param name="sizeBytes">The exact size where it is known; a server that sends another is refused at once.</param>
    public RemoteFile(Uri uri, string fileName, string sha256, long? sizeBytes = null)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("http" or "https"))
            throw new ArgumentException($"'{uri}' is not an absolute http or https address.", nameof(uri));
        if (fileName is "" or "." or ".." || fileName.AsSpan().IndexOfAny('/', '\\', ':') >= 0)
            throw new ArgumentException($"'{fileName}' is not a plain file name.", nameof(fileName));
        if (sha256.Length is < FewestDigits or > AllDigits || sha256.Any(digit => !char.IsAsciiHexDigitLower(digit)))
            throw new ArgumentException($"'{sha256}' is not {FewestDigits} to {AllDigits} lower-case hex digits.", nameof(sha256));
        if (sizeBytes is < 1)
            throw new ArgumentOutOfRangeException(nameof(sizeBytes), sizeBytes, "A file has 1 byte or more.");
        (Uri, FileName, Sha256, SizeBytes) = (uri, fileName, sha256, sizeBytes);
    }

    /// <summary>Where it is fetched from.</summary>
    public Uri Uri { get; }

    /// <summary>Its name in the folder.</summary>
    public string FileName { get; }

    /// <summary>The expected SHA-256, lower-case hex, whole or its beginning.</summary>
    public string Sha256 { get; }

    /// <summary>The expected size in bytes; null where it is not known.</summary>
    public long? SizeBytes { get; }

    /// <summary>
    /// What the user can do instead of fetching it, such as <c>pass ‹weights› with a file that you have</c>; ends the message
    /// of a download that failed. Empty: there is nothing else to do.
    /// </summary>
    public string Instead { get; init; } = "";

    /// <summary>Whether a file's SHA-256 is the expected one.</summary>
    /// <param name="sha256">All 64 digits, lower-case hex.</param>
    public bool Matches(string sha256) => sha256.StartsWith(Sha256, StringComparison.Ordinal);

    /// <exception cref="UserErrorException">The file at <paramref name="path"/> has another content; it is left as it is.</exception>
    internal void Require(string path)
    {
        var found = FileHash.Sha256(path);
        if (!Matches(found))
            throw new UserErrorException($"'{path}' is not the file that belongs there: its SHA-256 is {found}, expected is "
                + $"{(Sha256.Length < AllDigits ? $"one that begins with {Sha256}" : Sha256)}. "
                + $"Delete it and run this again: it is then fetched from {Uri}.");
    }
}
