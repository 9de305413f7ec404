using FreezeBench.Archives;
using FreezeBench.Results;

namespace FreezeBench.Images.Formats;

/// <summary>Finds a CIFAR set: unpacked files, an archive, or the official archive on its server.</summary>
internal static class CifarSource
{
    /// <summary>The folder with the unpacked files.</summary>
    /// <remarks>A user's own archive need not have the official checksum, since copies exist; the hash of the content in
    /// each row tells them apart. What is downloaded must be the official one.</remarks>
    /// <exception cref="UserErrorException">Nothing there, a damaged archive, or a failed download.</exception>
    public static string Locate(CifarLayout layout, DataSetRequest request)
    {
        if (request.Directory is null)
            return Unpack(request.Downloader.Fetch(layout.Archive, request.DownloadFolder, request.Progress, request.Stop), layout, request);
        if (File.Exists(request.Directory))
            return Unpack(request.Directory, layout, request);
        if (!Directory.Exists(request.Directory))
            throw new UserErrorException($"‹The data directory› '{request.Directory}' {PathText.NoFolder(request.Directory)}. Name the folder of the unpacked binary version "
                + $"({layout.OfficialFolder}), the folder or path of {layout.Archive.FileName}, or leave it out to download {layout.Title}.");
        var folder = InnerFolder(request.Directory, layout);
        var archive = Path.Combine(request.Directory, layout.Archive.FileName);
        // Unpacked files come first: reading them needs no second copy on the disk.
        return !File.Exists(Path.Combine(folder, layout.FirstFile)) && File.Exists(archive) ? Unpack(archive, layout, request) : folder;
    }

    /// <summary>The official folder inside <paramref name="directory"/> if it is there, else <paramref name="directory"/>.</summary>
    /// <exception cref="UserErrorException">It is the version for Python.</exception>
    public static string InnerFolder(string directory, CifarLayout layout)
    {
        var inner = Path.Combine(directory, layout.OfficialFolder);
        if (Directory.Exists(inner))
            return inner;
        // What most people have, from PyTorch; its files are pickles.
        var python = Path.Combine(directory, layout.PythonFolder);
        if (Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))) == layout.PythonFolder)
            python = directory;
        return Directory.Exists(python) && !File.Exists(Path.Combine(directory, layout.FirstFile))
            ? throw new UserErrorException($"'{python}' is {layout.Title}'s version for Python, whose files are pickles; its binary version is read. Let ‹the data directory› be the folder {layout.OfficialFolder} of {layout.Archive.FileName}, or leave it out to download that.")
            : directory;
    }

    private static string Unpack(string archive, CifarLayout layout, DataSetRequest request) =>
        InnerFolder(ArchiveFile.UnpackToCache(archive, layout.Limits, request.Progress, request.Cache, request.Stop), layout);
}
