using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FreezeBench.Kernels;
using FreezeBench.Networks.Residual;
using FreezeBench.Results;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Loading;
using FreezeBench.Weights.Tensors;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Weights.Loading;

public class StateDictLoaderTests
{
    private const string DataVariable = "FREEZEBENCH_DATA";
    private const string RealFile = "resnet18-imagenet.pth";

    private static readonly ResNetShape thin = new(BlockKind.Basic, [2, 2, 2, 2], Width: 2);

    private static readonly string[] files = ["resnet18-legacy.pth", "resnet18-half.safetensors"];

    public static TheoryData<string, string> Formats =>
        [.. files.SelectMany(file => MemoryFormat.All.Select(format => (file, format.Name)))];

    [Theory]
    [MemberData(nameof(Formats))]
    public void EveryEntry_IsCopied_AndStridesAndGradientsStay(string name, string format)
    {
        using var scope = NewDisposeScope();
        var file = WeightsGoldens.Sound(name);
        using var network = new ResNet(thin, classes: 4);
        MemoryFormat.Parse(format).ApplyTo(network);
        network.parameters().First().requires_grad = false;
        var before = Traits(network);
        var loaded = StateDictLoader.Load(network, file, "fc");
        Assert.Equal((122, false, file.Sha256), (loaded.EntriesLoaded, loaded.HeadIsFresh, loaded.Sha256));
        Assert.Equal(name.Contains("half", StringComparison.Ordinal) ? [new TypeConversion("float16", "float32", 102)] : [], loaded.Conversions);
        Assert.Equal(before, Traits(network));
        var state = network.state_dict();
        foreach (var entry in file.Entries)
            Assert.True(Same(state[entry.Name], entry.ToTensor().to(state[entry.Name].dtype)), entry.Name);
    }

    [Fact]
    public void HeadWithOtherClasses_IsLeftAlone()
    {
        using var scope = NewDisposeScope();
        using var network = new ResNet(thin, classes: 7);
        var head = network.state_dict()["fc.weight"].clone();
        var loaded = StateDictLoader.Load(network, WeightsGoldens.Sound("resnet18-legacy.pth"), "fc");
        Assert.Equal((120, true), (loaded.EntriesLoaded, loaded.HeadIsFresh));
        Assert.True(Same(network.state_dict()["fc.weight"], head));
    }

    [Fact]
    public void EverythingThatDoesNotFit_IsInOneMessage_AndNothingIsChanged()
    {
        using var scope = NewDisposeScope();
        var file = WeightsGoldens.Sound("resnet18-legacy.pth");
        using var network = new ResNet(new ResNetShape(BlockKind.Basic, [3, 2, 2, 1], Width: 2), classes: 4);
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var odd = file with { Entries = [.. file.Entries.Where(entry => entry.Name != "bn1.bias").Select(Oddly)] };
        var error = Assert.Throws<UserErrorException>(() => StateDictLoader.Load(network, odd, "fc"));
        Assert.Contains("resnet18-legacy.pth' does not fit the network.", error.Message);
        Assert.Contains("Missing in the file (11): 'bn1.bias', 'layer1.2.conv1.weight'", error.Message);
        Assert.Contains("Not in the network (12): ", error.Message);
        Assert.Contains("Of another shape or type (2): 'conv1.weight' (file [2], network [2, 3, 7, 7]), 'bn1.num_batches_tracked' (file float32, network int64).", error.Message);
        foreach (var (name, value) in network.state_dict())
            Assert.True(Same(value, before[name]), name);

        TensorEntry Oddly(TensorEntry entry) => entry.Name switch
        {
            "conv1.weight" => file.Entries.Single(other => other.Name == "bn1.weight") with { Name = entry.Name },
            "bn1.num_batches_tracked" => new TensorEntry(entry.Name, ElementType.F32, TensorLayout.Dense([]), new byte[4]),
            _ => entry,
        };
    }

    [Fact]
    public void HeadWithOtherFeatures_IsAMismatch()
    {
        using var network = new ResNet(thin, classes: 7);
        var file = WeightsGoldens.Sound("resnet18-legacy.pth");
        var odd = file with { Entries = [.. file.Entries.Select(entry => entry.Name == "fc.weight" ? file.Entries[0] with { Name = entry.Name } : entry)] };
        var error = Assert.Throws<UserErrorException>(() => StateDictLoader.Load(network, odd, "fc"));
        Assert.Contains("Of another shape or type (2): 'fc.weight' (file [2, 3, 7, 7], network [7, 16]), 'fc.bias' (file [4], network [7]).", error.Message);
    }

    [Fact]
    public void OldFileWithoutBatchCounters_IsLoaded()
    {
        using var network = new ResNet(thin, classes: 4);
        var file = WeightsGoldens.Sound("resnet18-legacy.pth");
        var old = file with { Entries = [.. file.Entries.Where(entry => !entry.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal))] };
        Assert.Equal(102, StateDictLoader.Load(network, old, "fc").EntriesLoaded);
    }

    [Theory]
    [InlineData("layer1.0.conv1.weight", double.NaN, "values are NaN or infinite")]
    [InlineData("layer3.0.bn2.bias", double.PositiveInfinity, "values are NaN or infinite")]
    [InlineData("layer4.0.bn1.running_mean", double.NegativeInfinity, "values are NaN or infinite")]
    // A float64 that float32 has no number for.
    [InlineData("fc.weight", 1e300, "values are NaN or infinite")]
    [InlineData("bn1.running_var", -0.25, "values are negative")]
    public void ValuesThatNoSoundNetworkHas_AreRefusedByEntry_AndNothingIsChanged(string name, double value, string why)
    {
        using var scope = NewDisposeScope();
        using var network = new ResNet(thin, classes: 4);
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var file = WeightsGoldens.Sound("resnet18-legacy.pth");
        var odd = file with { Entries = [.. file.Entries.Select(entry => entry.Name == name ? Spoilt(entry, value) : entry)] };
        var error = Assert.Throws<UserErrorException>(() => StateDictLoader.Load(network, odd, "fc"));
        Assert.Contains($"resnet18-legacy.pth' holds what no sound network has: '{name}' (1 of ", error.Message);
        Assert.Contains(why, error.Message);
        foreach (var (key, left) in network.state_dict())
            Assert.True(Same(left, before[key]), key);
    }

    [Fact]
    public void NegativeCountOfBatches_IsRefused()
    {
        using var network = new ResNet(thin, classes: 4);
        var file = WeightsGoldens.Sound("resnet18-legacy.pth");
        var odd = file with
        {
            Entries = [.. file.Entries.Select(entry => entry.Name == "bn1.num_batches_tracked" ? new TensorEntry(entry.Name, ElementType.I64, TensorLayout.Dense([]), BitConverter.GetBytes(-1L)) : entry)],
        };
        Assert.Contains("'bn1.num_batches_tracked' (1 of 1 values are negative)", Assert.Throws<UserErrorException>(() => StateDictLoader.Load(network, odd, "fc")).Message);
    }

    [Fact]
    public void NumbersInAHeadThatIsNotTaken_DoNotMatter()
    {
        using var network = new ResNet(thin, classes: 7);
        var file = WeightsGoldens.Sound("resnet18-legacy.pth");
        var odd = file with { Entries = [.. file.Entries.Select(entry => entry.Name == "fc.bias" ? Spoilt(entry, double.NaN) : entry)] };
        Assert.True(StateDictLoader.Load(network, odd, "fc").HeadIsFresh);
    }

    [Fact]
    public void Load_LeavesNoTensorBehind()
    {
        using var network = new ResNet(thin, classes: 4);
        var file = WeightsGoldens.Sound("resnet18-half.safetensors");
        StateDictLoader.Load(network, file, "fc");
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var time = 0; time < 10; time++) StateDictLoader.Load(network, file, "fc");
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void RealImageNetWeights_FillResNet18_AsPyTorchReadsThem()
    {
        var folder = Environment.GetEnvironmentVariable(DataVariable);
        var path = Path.Combine(folder ?? "", RealFile);
        Assert.SkipUnless(folder is not null && File.Exists(path), $"{DataVariable} names no folder with {RealFile}.");
        using var scope = NewDisposeScope();
        var file = StateDictFile.Read(path);
        Assert.Equal("e20d803b818a891d9d9c90ed0087ef8498e603fba72b8d7392639c6d4286d05b", file.Sha256);
        using var network = new ResNet(ResNetShape.ResNet18, 1000);
        var loaded = StateDictLoader.Load(network, file, "fc");
        Assert.Equal((122, false, 0), (loaded.EntriesLoaded, loaded.HeadIsFresh, loaded.Conversions.Count));
        // Computed by PyTorch 1.13: SHA-256 over each entry's name and its contiguous bytes, in the order of the file.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var state = network.state_dict();
        foreach (var entry in file.Entries)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(entry.Name));
            hash.AppendData(state[entry.Name].bytes);
        }
        Assert.Equal("c0243a591ebb558aa8b6d4674f0509f4d0b374a0164a1b1b49aed66e2ade4d73", Convert.ToHexStringLower(hash.GetHashAndReset()));

        using var ants = new ResNet(ResNetShape.ResNet18, 2);
        loaded = StateDictLoader.Load(ants, file, "fc");
        Assert.Equal((120, true), (loaded.EntriesLoaded, loaded.HeadIsFresh));
    }

    private static TensorEntry Spoilt(TensorEntry entry, double value)
    {
        var values = new double[entry.Count];
        values[^1] = value;
        return new TensorEntry(entry.Name, ElementType.F64, TensorLayout.Dense(entry.Shape), MemoryMarshal.AsBytes<double>(values).ToArray());
    }

    private static bool Same(Tensor left, Tensor right) =>
        left.shape.SequenceEqual(right.shape) && left.dtype == right.dtype && left.eq(right).all().item<bool>();

    private static List<(string Name, string Strides, bool Gradient)> Traits(nn.Module network) =>
        [.. network.state_dict().Select(entry => (entry.Key, string.Join(",", entry.Value.stride()), entry.Value.requires_grad))];
}
