using FreezeBench.Results;
using FreezeBench.Torch.Loading;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Onnx;
using FreezeBench.Weights.Safetensors;
using FreezeBench.Weights.Tensors;
using static TorchSharp.torch;

namespace FreezeBench.Weights.Loading;

/// <summary>
/// ImageNet weights that come by NuGet, from the package Microsoft.ML.DnnImageFeaturizer.ResNet18 (MIT licence): what CNTK trained for ML.NET's image
/// featurizer. Its network is not torchvision's ResNet-18, and its head is not there.
/// </summary>
/// <remarks>
/// The package is neither referenced nor copied: a restore with <c>-p:PretrainedWeights=true</c> brings it into NuGet's folder, and the build tells the
/// program where that is (PretrainedWeights.props). Of its two ONNX models the weights are read, and kept under torch's names as safetensors in the
/// user's cache. Its input is blue, green, red; the first convolution and the mean image are turned round, so that this one's is red, green, blue.
/// </remarks>
public static class MlNetWeights
{
    /// <summary>Option value.</summary>
    public const string Option = "mlnet";

    /// <summary>The network that they are for.</summary>
    public const string Backbone = "resnet20_mlnet";

    /// <summary>As rows name them.</summary>
    public const string Name = "mlnet-resnet18-0.23.1";

    /// <summary>SHA-256 of the converted file.</summary>
    public const string Sha256 = "ffc1178dd5cfa2a58e98db4941c2df51e7b30a106825d7c440a428c66eb6c807";

    /// <summary>Runtime setting with the folder of the unpacked package.</summary>
    internal const string FolderSetting = "FreezeBench.PretrainedWeights.Folder";

    /// <summary>Runtime setting with the project that the program was built from.</summary>
    internal const string ProjectSetting = "FreezeBench.PretrainedWeights.Project";

    private const string PackageFolder = "microsoft.ml.dnnimagefeaturizer.resnet18/0.23.1";
    private const string CacheFolder = "weights";
    private const string MeanImage = "MeanImage";
    private const string FirstConvolution = "conv1.weight";

    private static readonly (string Path, string Sha256) network =
        ("tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx", "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f");

    private static readonly (string Path, string Sha256) preprocessing =
        ("tools/DnnImageModels/ResNetPrepOnnx/ResNetPreprocess.onnx", "84bf8def78d0befaa3f6e73745d57d7016c6a192ead76f79686bd438c1047004");

    // Torch's names of a convolution and the BatchNorm behind it, and the numbers in CNTK's names of their weights: ParameterC of the convolution;
    // ParameterN, ParameterN+1, ConstantN+2 and ConstantN+3 are scale, shift, mean and variance. From the order of the model's operators.
    private static readonly (string Convolution, string Norm, int C, int N)[] layers =
    [
        ("conv1", "bn1", 91, 96),
        ("layer1.0.conv1", "layer1.0.bn1", 86, 113), ("layer1.0.conv2", "layer1.0.bn2", 82, 127),
        ("layer1.1.conv1", "layer1.1.bn1", 77, 144), ("layer1.1.conv2", "layer1.1.bn2", 73, 158),
        ("layer2.0.conv1", "layer2.0.bn1", 68, 175), ("layer2.0.conv2", "layer2.0.bn2", 64, 189), ("layer2.0.downsample.0", "layer2.0.downsample.1", 199, 203),
        ("layer2.1.conv1", "layer2.1.bn1", 59, 220), ("layer2.1.conv2", "layer2.1.bn2", 55, 234),
        ("layer3.0.conv1", "layer3.0.bn1", 50, 251), ("layer3.0.conv2", "layer3.0.bn2", 46, 265), ("layer3.0.downsample.0", "layer3.0.downsample.1", 275, 279),
        ("layer3.1.conv1", "layer3.1.bn1", 41, 296), ("layer3.1.conv2", "layer3.1.bn2", 37, 310),
        ("layer4.0.conv1", "layer4.0.bn1", 32, 327), ("layer4.0.conv2", "layer4.0.bn2", 28, 341), ("layer4.0.downsample.0", "layer4.0.downsample.1", 351, 355),
        ("layer4.1.conv1", "layer4.1.bn1", 23, 372), ("layer4.1.conv2", "layer4.1.bn2", 19, 386),
        ("layer4.2.conv1", "layer4.2.bn1", 14, 403), ("layer4.2.conv2", "layer4.2.bn2", 10, 417),
    ];

    /// <summary>The weights, converted first where the cache does not have them.</summary>
    /// <param name="says">Gets a line where something is converted; null: nobody.</param>
    /// <param name="package">Folder of the unpacked package; null: where the build says that NuGet keeps it.</param>
    /// <param name="cache">FreezeBench's cache folder; null: the user's (<see cref="UserCache"/>).</param>
    /// <exception cref="UserErrorException">The package was not fetched, or its files are not those that are known; or the cache cannot be written.</exception>
    public static StateDictFile Load(Action<string>? says = null, string? package = null, string? cache = null)
    {
        var path = Path.Combine(UserCache.Folder(CacheFolder, cache), $"{Backbone}-{Sha256[..8]}.safetensors");
        if (Kept(path) is { } kept)
            return kept;
        package ??= FolderByBuild();
        var (weights, mean) = (Read(package, network), Read(package, preprocessing));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Write(path, weights, mean);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The weights '{Option}' cannot be kept at '{path}': {e.Message.TrimEnd('.')}. Make that folder writable and its disk large enough.", e);
        }
        says?.Invoke($"weights {Name}: converted, kept at {path}");
        return Kept(path) ?? throw new UserErrorException($"The weights '{Option}' were converted, and '{path}' has another SHA-256 than expected, {Sha256}. Delete it and try again; a disk that loses data does this.");
    }

    // Something else under this name is not used and written anew: nothing that is not there twice is lost.
    private static StateDictFile? Kept(string path)
    {
        try
        {
            return File.Exists(path) && StateDictFile.Read(path) is { Sha256: Sha256 } file ? file : null;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    private static string FolderByBuild() => AppContext.GetData(FolderSetting) as string is { Length: > 0 } told ? told
        // A program that was built without PretrainedWeights.props: NuGet's own default.
        : Path.Combine(Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"), PackageFolder);

    private static Dictionary<string, TensorEntry> Read(string package, (string Path, string Sha256) model)
    {
        var path = Path.Combine(package, model.Path);
        if (!File.Exists(path))
            throw new UserErrorException($"The weights '{Option}' are in the package Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1, and there is no '{path}'. "
                + $"Fetch it once (60 MB): dotnet restore {Project()}-p:PretrainedWeights=true");
        return OnnxFile.Read(path, model.Sha256).ToDictionary(entry => entry.Name);
    }

    private static string Project() => AppContext.GetData(ProjectSetting) as string is { Length: > 0 } project ? $"\"{project}\" " : "";

    private static void Write(string path, Dictionary<string, TensorEntry> weights, Dictionary<string, TensorEntry> preprocessed)
    {
        using var scope = NewDisposeScope();
        List<KeyValuePair<string, Tensor>> tensors = [];
        void Add(string name, string source) => tensors.Add(new(name, weights[source].ToTensor()));
        foreach (var (convolution, norm, c, n) in layers)
        {
            Add($"{convolution}.weight", $"Parameter{c}");
            Add($"{norm}.weight", $"Parameter{n}");
            Add($"{norm}.bias", $"Parameter{n + 1}");
            Add($"{norm}.running_mean", $"Constant{n + 2}");
            Add($"{norm}.running_var", $"Constant{n + 3}");
        }
        tensors.Add(new(InputStatistics.MeanImageName, preprocessed[MeanImage].ToTensor().squeeze(0).flip(0)));
        tensors[0] = new(FirstConvolution, tensors[0].Value.flip(1));
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { ["source"] = "Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1" });
    }
}
