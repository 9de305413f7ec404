using FreezeBench.Downloads;
using FreezeBench.Images;
using FreezeBench.Kernels;
using FreezeBench.Results;
using FreezeBench.Training;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Loading;

namespace FreezeBench.Accuracy.Options;

/// <summary>What the networks of a command start from.</summary>
/// <param name="Name">As rows name it: <c>random</c>, torchvision's name of its weights, ML.NET's package, or the file's name.</param>
/// <param name="File">Null for fresh weights from the seed.</param>
public sealed record InitialWeights(string Name, StateDictFile? File)
{
    /// <summary>What images were normalised with when the weights were trained; null where nobody knows: ImageNet's then.</summary>
    public ChannelStatistics? Statistics { get; } = InputStatistics.Of(File);

    /// <summary>SHA-256 of the file; <c>unknown</c> where there is none.</summary>
    public string Sha256 => File?.Sha256 ?? Results.Machine.Unknown.Text;

    /// <summary>What came of loading them, once <see cref="Check"/> has done so; null where there is no file.</summary>
    public LoadedWeights? Loaded { get; private set; }

    /// <summary>Whether a value of <c>--weights</c> is a word of the program's, and no path.</summary>
    public static bool IsNoPath(string weights) => weights is AccuracyOptions.RandomWeights or ImageNetWeights.DefaultOption or ImageNetWeights.NewerOption or MlNetWeights.Option;

    /// <summary>Builds a network, loads them into it and throws it away, so that what does not fit is told before anything is trained.</summary>
    /// <exception cref="UserErrorException">The network is none for such images; or missing, unexpected and differing entries, all in one message.</exception>
    public void Check(AccuracySettings settings, int classes, int resolutionPx)
    {
        using var network = InitialNetwork.Create(settings.Network, classes, resolutionPx, settings.Kernels[0], TorchSharp.torch.CPU, MemoryFormat.Contiguous, settings.Seeds[0], File, loaded => Loaded = loaded);
    }

    /// <summary>Reads or fetches what <c>--weights</c> names.</summary>
    /// <exception cref="UserErrorException">No such weights, a damaged file, or a download that failed.</exception>
    public static InitialWeights Load(AccuracySettings settings, IDownloadProgress progress, CancellationToken stop)
    {
        switch (settings.Weights)
        {
            case AccuracyOptions.RandomWeights:
                return new InitialWeights(AccuracyOptions.RandomWeights, null);
            case ImageNetWeights.DefaultOption or ImageNetWeights.NewerOption:
                var weights = ImageNetWeights.Parse(settings.Network.Name, settings.Weights);
                return new InitialWeights(weights.Name, weights.Fetch(new Downloader(), progress, stop: stop));
            case MlNetWeights.Option:
                return settings.Network.Name == MlNetWeights.Backbone
                    ? new InitialWeights(MlNetWeights.Name, MlNetWeights.Load(progress.Says))
                    : throw new UserErrorException($"--weights {MlNetWeights.Option} is for --backbone {MlNetWeights.Backbone}; it has {settings.Network.Name}. ML.NET's network has a block more than ResNet-18.");
            case var address when address.Contains("://", StringComparison.Ordinal):
                throw new UserErrorException($"--weights is '{ForeignText.Shown(address)}', an address. Download the file and pass its path; of addresses only torchvision's are fetched, by {ImageNetWeights.ValidOptions}.");
            default:
                var file = StateDictFile.Read(settings.Weights, settings.WeightsKey);
                // Of one checkpoint there may be rows from what was trained and from its average.
                return new InitialWeights(Path.GetFileName(settings.Weights) + (settings.WeightsKey is { } key ? $"#{key}" : ""), file);
        }
    }
}
