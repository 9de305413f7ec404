namespace FreezeBench.Torch.Loading;

/// <summary>
/// The folder for the cured copy: the user's cache, or a private temporary folder where that cannot be written (a
/// read-only home, as in many containers). The loaded library is the same, only the next start writes it again.
/// </summary>
internal sealed class CuredHome : IDisposable
{
    private readonly bool temporary;

    private CuredHome(string folder, bool temporary) => (Folder, this.temporary) = (folder, temporary);

    /// <summary>A folder that can be written.</summary>
    public string Folder { get; }

    /// <summary><paramref name="cache"/> if it can be written, else a new temporary folder that nobody else may read.</summary>
    public static CuredHome Open(string? cache)
    {
        if (cache is not null && CanWrite(cache))
            return new(cache, temporary: false);
        return new(Directory.CreateTempSubdirectory("freezebench-").FullName, temporary: true);
    }

    /// <summary>Removes a temporary folder: Linux keeps a loaded library's content until the process ends.</summary>
    public void Dispose()
    {
        if (temporary)
            Directory.Delete(Folder, recursive: true);
    }

    private static bool CanWrite(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".probe-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
