using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using FreezeBench.Results;

namespace FreezeBench.Downloads;

/// <summary>
/// What a broken transfer left: <c>NAME.part</c> with the first bytes, and beside it <c>NAME.part.version</c> with the
/// server's word for the version of the file that they are from. A later transfer goes on only from that same version.
/// </summary>
/// <param name="path">Path of the finished file.</param>
internal sealed class PartFile(string path)
{
    // No server has longer ones.
    private const long MostVersionBytes = 1 << 14;

    private readonly string version = path + ".part.version";

    public string Path { get; } = path + ".part";

    /// <summary>Bytes that are there.</summary>
    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>The version to ask for in If-Range; null: there is nothing that can be gone on from.</summary>
    public RangeConditionHeaderValue? Version()
    {
        if (Length == 0 || !File.Exists(version))
            return null;
        var bytes = RegularFile.ReadAllBytes(version, MostVersionBytes);
        // A header has nothing else: what is damaged is no version, and the transfer begins anew.
        if (Array.Exists(bytes, letter => letter is < 0x20 or > 0x7e))
            return null;
        var text = Encoding.ASCII.GetString(bytes);
        if (DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return new RangeConditionHeaderValue(date);
        return EntityTagHeaderValue.TryParse(text, out var tag) ? new RangeConditionHeaderValue(tag) : null;
    }

    /// <summary>An empty file for a fresh transfer of the version that the response names.</summary>
    public FileStream Begin(HttpResponseMessage response)
    {
        Delete();
        // A weak tag promises the same meaning, not the same bytes, and If-Range may not carry it (RFC 9110, 13.1.5).
        var named = response.Headers.ETag is { IsWeak: false } tag
            ? tag.ToString()
            : response.Content.Headers.LastModified?.ToString("r", CultureInfo.InvariantCulture);
        if (named is not null)
            File.WriteAllText(version, named);
        return new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    /// <summary>The file, to go on after its last byte.</summary>
    public FileStream Continue() => new(Path, FileMode.Append, FileAccess.Write, FileShare.Read);

    /// <summary>Puts the finished file in its place.</summary>
    public void MoveTo(string target)
    {
        File.Move(Path, target);
        File.Delete(version);
    }

    /// <summary>Forgets everything.</summary>
    public void Delete()
    {
        File.Delete(version);
        File.Delete(Path);
    }
}
