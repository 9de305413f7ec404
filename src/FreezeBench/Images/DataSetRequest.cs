using FreezeBench.Downloads;
using FreezeBench.Torch.Loading;
using static TorchSharp.torch;

namespace FreezeBench.Images;

/// <summary>Which images to load, and from where.</summary>
public sealed record DataSetRequest
{
    /// <summary>One of the names that the catalogue has.</summary>
    public required string Name { get; init; }

    /// <summary>Folder (or archive) with the files; null: the usual place, or a download.</summary>
    public string? Directory { get; init; }

    /// <summary>Where the sets live.</summary>
    public required Device Device { get; init; }

    /// <summary>Memory that is free on that device, where it is a GPU, in bytes; null: not known.</summary>
    public long? FreeDeviceBytes { get; init; }

    /// <summary>FreezeBench's cache folder; null: the user's (<see cref="UserCache"/>).</summary>
    public string? Cache { get; init; }

    /// <summary>Fetches what is not there.</summary>
    public Downloader Downloader { get; init; } = new();

    /// <summary>Hears about downloads and unpacking.</summary>
    public IDownloadProgress Progress { get; init; } = SilentProgress.Instance;

    /// <summary>Ends a download or an unpacking.</summary>
    public CancellationToken Stop { get; init; }

    internal string DownloadFolder => UserCache.Folder("downloads", Cache);
}
