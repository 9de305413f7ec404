using FreezeBench.Results;

namespace FreezeBench.Downloads;

/// <summary>The identity of a file's bytes.</summary>
public static class FileHash
{
    /// <summary>SHA-256 of the whole file, lower-case hex; read in pieces, so a file of any size takes little memory.</summary>
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    public static string Sha256(string path)
    {
        try
        {
            using var file = RegularFile.OpenRead(path, FileShare.Read, bufferSize: 1 << 20, FileOptions.SequentialScan);
            return Convert.ToHexStringLower(Results.Sha256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{path}' cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
