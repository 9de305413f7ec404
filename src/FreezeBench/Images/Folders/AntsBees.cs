using FreezeBench.Archives;
using FreezeBench.Downloads;
using FreezeBench.Results;

namespace FreezeBench.Images.Folders;

/// <summary>
/// The ants and bees of PyTorch's transfer-learning tutorial: photos of two classes in folders, 244 to train and 153 to
/// test on.
/// </summary>
public static class AntsBees
{
    /// <summary>The name in options and in the CSV.</summary>
    public const string Name = "ants-bees";

    private const string InnerFolder = "hymenoptera_data";

    /// <summary>The archive; the checksum is the one that PyTorch's own build of the tutorials demands.</summary>
    public static RemoteFile Archive { get; } = new(new Uri("https://download.pytorch.org/tutorial/hymenoptera_data.zip"), "hymenoptera_data.zip",
        "fbc41b31d544714d18dd1230b1e2b455e1557766e13e67f9f5a7a23af7c02209", 47_286_322)
    {
        Instead = "let ‹the data directory› be the unpacked folder hymenoptera_data",
    };

    // 397 photos in 4 folders; writers on macOS add a second entry for each. The archive is of photos, which do not shrink.
    private static readonly ArchiveLimits limits = new(Entries: 2000, Bytes: 100_000_000);

    /// <summary>The folder with <c>train</c> and <c>val</c>, in each of them <c>ants</c> and <c>bees</c>.</summary>
    /// <param name="request">Its directory: that folder, the one above it, or null to download it.</param>
    /// <exception cref="UserErrorException">The folder is not there, or the download failed.</exception>
    public static string Locate(DataSetRequest request) => Locate(request, Archive);

    internal static string Locate(DataSetRequest request, RemoteFile archive)
    {
        var folder = request.Directory ?? ArchiveFile.UnpackToCache(
            request.Downloader.Fetch(archive, request.DownloadFolder, request.Progress, request.Stop), limits, request.Progress, request.Cache, request.Stop);
        string[] candidates = [folder, Path.Combine(folder, InnerFolder)];
        return Array.Find(candidates, candidate => Directory.Exists(Path.Combine(candidate, "train")) && Directory.Exists(Path.Combine(candidate, "val")))
            ?? throw new UserErrorException($"'{folder}' has no folders train and val, nor has {InnerFolder} in it. "
                + $"Let ‹the data directory› be the unpacked folder {InnerFolder}, or leave it out to download it.");
    }
}
