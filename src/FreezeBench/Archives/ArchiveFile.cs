using FreezeBench.Downloads;
using FreezeBench.Results;
using FreezeBench.Torch.Loading;

namespace FreezeBench.Archives;

/// <summary>Unpacks an archive that need not be trusted: files and folders only, inside one folder, up to a limit.</summary>
public static class ArchiveFile
{
    private const string Folder = "unpacked";

    // No unpacking takes that long; what is older was left by a program that was killed, and has the size of a data set.
    private static readonly TimeSpan crashedAfter = TimeSpan.FromDays(1);

    /// <summary>The folder with an archive's content, unpacked first where the cache does not have it.</summary>
    /// <remarks>Kept under the SHA-256 of the archive, and put there in one move when it is whole: a folder that is there
    /// is complete, and two processes at once do no harm.</remarks>
    /// <param name="archive">A <c>.tar.gz</c> or <c>.zip</c> file; its content tells which, not its name.</param>
    /// <param name="limits">The most that the archive may hold.</param>
    /// <param name="progress">Hears that it is being unpacked.</param>
    /// <param name="cache">FreezeBench's cache folder; null: the user's.</param>
    /// <param name="stop">Ends the unpacking.</param>
    /// <exception cref="UserErrorException">The archive cannot be read, is damaged or holds what it should not; nothing is left.</exception>
    public static string UnpackToCache(
        string archive, ArchiveLimits limits, IDownloadProgress progress, string? cache = null, CancellationToken stop = default)
    {
        var target = Path.Combine(UserCache.Folder(Folder, cache), FileHash.Sha256(archive));
        if (Directory.Exists(target))
            return target;
        progress.Says($"Unpacking {Path.GetFileName(archive)} (once).");
        Unpack(archive, target, limits, stop);
        return target;
    }

    /// <summary>Unpacks an archive to a folder that does not exist yet; it appears when it is whole.</summary>
    /// <inheritdoc cref="UnpackToCache"/>
    internal static void Unpack(string archive, string target, ArchiveLimits limits, CancellationToken stop = default)
    {
        var temporary = $"{target}.{Guid.NewGuid():N}";
        try
        {
            using (var file = RegularFile.OpenRead(archive))
            {
                RemoveDead(target);
                Directory.CreateDirectory(temporary);
                Read(file, temporary, limits, stop);
            }
            Place(temporary, target);
        }
        catch (Exception e) when (e is ArchiveFaultException or InvalidDataException or EndOfStreamException)
        {
            throw new UserErrorException($"The archive '{archive}' is not unpacked: {Reason(e)}. Fetch it again, or unpack it yourself "
                + "if you know what it holds and give the folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UserErrorException($"The archive '{archive}' cannot be unpacked to '{target}': {e.Message.TrimEnd('.')}.", e);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    private static void RemoveDead(string target)
    {
        if (Path.GetDirectoryName(target) is not { } above || !Directory.Exists(above))
            return;
        foreach (var left in Directory.GetDirectories(above, $"{Path.GetFileName(target)}.*"))
            if (Guid.TryParseExact(Path.GetExtension(left).TrimStart('.'), "N", out _) && DateTime.UtcNow - Directory.GetLastWriteTimeUtc(left) > crashedAfter)
                Directory.Delete(left, recursive: true);
    }

    private static void Read(FileStream file, string folder, ArchiveLimits limits, CancellationToken stop)
    {
        var target = new UnpackTarget(folder, limits);
        Span<byte> start = stackalloc byte[2];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (read == 2 && start[0] == 0x1f && start[1] == 0x8b)
            TarArchive.Unpack(file, target, limits, stop);
        else if (read == 2 && start[0] == 'P' && start[1] == 'K')
            ZipFolder.Unpack(file, target, stop);
        else
            throw new ArchiveFaultException("it begins like neither a gzip nor a zip file");
    }

    private static string Reason(Exception error) =>
        error is ArchiveFaultException ? error.Message : $"it is damaged or cut off: {error.Message.TrimEnd('.')}";

    private static void Place(string temporary, string target)
    {
        try
        {
            Directory.Move(temporary, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another process was faster; its folder holds the same, since its name is the archive's hash.
        }
    }
}
