using FreezeBench.Downloads;
using FreezeBench.Results;
using FreezeBench.Torch.Loading;
using FreezeBench.Weights.Files;

namespace FreezeBench.Weights.Loading;

/// <summary>
/// torchvision's weights for ImageNet-1k: a closed list. Names, addresses and the first eight digits of each checksum are
/// those of <c>torchvision/models/resnet.py</c> (release 0.14 and on).
/// </summary>
public sealed record ImageNetWeights
{
    /// <summary>Option value for a backbone's first weights: every backbone has them.</summary>
    public const string DefaultOption = "imagenet";

    /// <summary>Option value for the weights of torchvision's newer training recipe, which only some backbones have.</summary>
    public const string NewerOption = "imagenet-v2";

    private const string Folder = "weights";
    private const string Server = "https://download.pytorch.org/models/";

    // Whole checksums, which the file names begin: eight digits alone protect from damage, not from intent.
    private static readonly ImageNetWeights[] all =
    [
        First("resnet18", "f37072fd47e89c5e827621c5baffa7500819f7896bbacec160b1a16c560e07ec", 46_830_571),
        First("resnet34", "b627a593bcbe140c234610266fe4f8ae95ea42fc881d091c9b6052e6b1d0590f", 87_319_819),
        First("resnet50", "0676ba61b6795bbe1773cffd859882e5e297624d384b6993f7c9e683e722fb8a", 102_530_333),
        Newer("resnet50", "11ad3fa62ca79e40addfd354a8ec4b7c75143b3038b8d2a807fbc68deab379ca", 102_540_417),
    ];

    private ImageNetWeights(string backbone, string option, string name, string sha256, long sizeBytes)
    {
        var fileName = $"{backbone}-{sha256[..8]}.pth";
        (Backbone, Option, Name) = (backbone, option, name);
        File = new RemoteFile(new Uri(Server + fileName), fileName, sha256, sizeBytes) { Instead = "pass ‹weights› with the path of a file" };
    }

    /// <summary>The network that they are for, as torchvision names it: <c>resnet18</c>.</summary>
    public string Backbone { get; }

    /// <summary>Value of the option that asks for them: <see cref="DefaultOption"/> or <see cref="NewerOption"/>.</summary>
    public string Option { get; }

    /// <summary>torchvision's name of the version in lower case: <c>imagenet1k-v1</c> or <c>imagenet1k-v2</c>.</summary>
    public string Name { get; }

    /// <summary>Where the file is, and its checksum.</summary>
    public RemoteFile File { get; private init; }

    /// <summary>Option values, for help texts, parsers and messages.</summary>
    public const string ValidOptions = $"{DefaultOption}, {NewerOption}";

    /// <summary>All weights of a backbone, the default first; empty for a backbone that torchvision has none for.</summary>
    /// <param name="backboneName">torchvision's name, such as <c>resnet50</c>.</param>
    public static IReadOnlyList<ImageNetWeights> For(string backboneName) => [.. all.Where(weights => weights.Backbone == backboneName)];

    /// <summary>The weights that an option value asks for.</summary>
    /// <exception cref="UserErrorException">The backbone has none of that name; the message lists those that it has.</exception>
    public static ImageNetWeights Parse(string backboneName, string option)
    {
        var there = For(backboneName);
        return there.FirstOrDefault(weights => weights.Option == option) ?? throw new UserErrorException(
            $"There are no weights '{option}' for {backboneName}. {(there is []
                ? "No ImageNet weights are known for it"
                : $"Its ImageNet weights are: {string.Join(", ", there.Select(weights => $"{weights.Option} ({weights.Name})"))}")}; "
            + "or pass ‹weights› with the path of a file.");
    }

    /// <summary>The weights, downloaded first where the cache does not have them.</summary>
    /// <param name="downloader">Its patience.</param>
    /// <param name="progress">Hears about the download.</param>
    /// <param name="cache">FreezeBench's cache folder; null: the user's (<see cref="UserCache"/>).</param>
    /// <param name="stop">Ends the download.</param>
    /// <exception cref="UserErrorException">They cannot be fetched or read.</exception>
    public StateDictFile Fetch(Downloader downloader, IDownloadProgress progress, string? cache = null, CancellationToken stop = default) =>
        StateDictFile.Read(downloader.Fetch(File, UserCache.Folder(Folder, cache), progress, stop));

    /// <summary>The same weights from another server, for tests.</summary>
    internal ImageNetWeights From(RemoteFile file) => this with { File = file };

    private static ImageNetWeights First(string backbone, string sha256, long sizeBytes) =>
        new(backbone, DefaultOption, "imagenet1k-v1", sha256, sizeBytes);

    private static ImageNetWeights Newer(string backbone, string sha256, long sizeBytes) =>
        new(backbone, NewerOption, "imagenet1k-v2", sha256, sizeBytes);
}
