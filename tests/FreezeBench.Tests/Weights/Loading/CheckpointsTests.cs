using System.Text.Json;
using FreezeBench.Networks.Residual;
using FreezeBench.Networks.Vit;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Tests.Networks;
using FreezeBench.Tests.Networks.Vit;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Loading;
using FreezeBench.Weights.Safetensors;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Weights.Loading;

/// <summary>Checkpoints as people have them, written by PyTorch: Goldens/make_checkpoint_goldens.py.</summary>
public sealed class CheckpointsTests : IDisposable
{
    private static readonly JsonSerializerOptions options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };
    private static readonly IReadOnlyList<Checkpoint> all = JsonSerializer.Deserialize<Checkpoint[]>(File.ReadAllText(PathOf("checkpoints.json")), options)!;
    private static readonly ResNetShape thin = new(BlockKind.Basic, [1, 1, 1, 1], Width: 2);

    private readonly Temporary folder = new();

    public static TheoryData<string> Read => [.. all.Where(file => file.Refused is null).Select(file => file.File)];

    public static TheoryData<string> Refused => [.. all.Where(file => file.Refused is not null).Select(file => file.File)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Read))]
    public void EveryEntryOfTheNetwork_ComesOut_BitForBit_AndWhatWasDoneIsTold(string name)
    {
        using var scope = NewDisposeScope();
        var checkpoint = all.Single(file => file.File == name);
        var expected = StateDictFile.Read(PathOf($"{checkpoint.Of}.pth"));
        using var network = new ResNet(thin, classes: 4);
        var head = network.state_dict()["fc.weight"].clone();
        var file = StateDictFile.Read(PathOf(name), checkpoint.Key);
        var loaded = StateDictLoader.Load(network, file, "fc");

        var state = network.state_dict();
        foreach (var entry in expected.Entries.Where(entry => checkpoint.Head || !entry.Name.StartsWith("fc.", StringComparison.Ordinal)))
            Assert.True(state[entry.Name].Equals(entry.ToTensor()), entry.Name);
        Assert.Equal((!checkpoint.Head, checkpoint.Head ? 4 : null), (loaded.HeadIsFresh, loaded.HeadClasses));
        Assert.Equal(checkpoint.Head, !state["fc.weight"].Equals(head));
        Assert.Equal(checkpoint.KeyTaken, file.Key);
        Assert.Equal(checkpoint.Surplus ?? [], loaded.Surplus);
        if (checkpoint.Says is { } says)
            Assert.Contains(says, $"names without '{file.StrippedPrefix}', {loaded.Names}", StringComparison.Ordinal);
        else
            Assert.Null(loaded.Names);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void WhatIsNoStateDictOfTheNetwork_IsRefused_AndSaysWhatItIs(string name)
    {
        var checkpoint = all.Single(file => file.File == name);
        using var network = new ResNet(thin, classes: 4);
        var error = Assert.Throws<UserErrorException>(() => StateDictLoader.Load(network, StateDictFile.Read(PathOf(name), checkpoint.Key), "fc"));
        Assert.Contains(checkpoint.Refused!, OptionNames.Fill(error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ema", "it has no state dict under 'ema'. There is one under 'model'.")]
    [InlineData("optimizer", "it has no state dict under 'optimizer': that is a dict. There is one under 'model'.")]
    [InlineData("args", "it has no state dict under 'args': that is 'argparse.Namespace'. There is one under 'model'.")]
    public void KeyWithoutAStateDict_IsRefused_AndThoseThatHaveOneAreNamed(string key, string message) =>
        Assert.EndsWith(message, Assert.Throws<UserErrorException>(() => StateDictFile.Read(PathOf("torchvision-script.pth"), key)).Message, StringComparison.Ordinal);

    [Fact]
    public void KeyThatNoNameBeginsWith_IsRefused() => Assert.EndsWith(
        "it has no entry 'teacher', nor any whose name begins with 'teacher.'; its first is 'conv1.weight'.",
        Assert.Throws<UserErrorException>(() => StateDictFile.Read(PathOf("model.pth"), "teacher")).Message, StringComparison.Ordinal);

    [Fact]
    public void Float8_IsRefusedByName_WhereTheNetworkNeedsIt()
    {
        // A safetensors file of one float32 and one float8 entry.
        var header = """{"bn1.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"conv1.weight":{"dtype":"F8_E4M3","shape":[2,3,7,7],"data_offsets":[8,302]}}"""u8.ToArray();
        byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[302]];
        using var network = new ResNet(thin, classes: 4);
        Assert.Contains(
            "In the file, but not read (1): entry 'conv1.weight' is 'F8_E4M3'; these types are read: float32, float16, bfloat16, float64, int64.",
            Assert.Throws<UserErrorException>(() => StateDictLoader.Load(network, StateDictFile.Parse("x", bytes), "fc")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("model.encoder.")]
    public void TransformerOfTimm_IsReadBehindAPrefix(string prefix)
    {
        using var scope = NewDisposeScope();
        using var source = new VitNetwork(ThinVit.Shape, Thin.Classes, ThinVit.Px);
        using var network = new VitNetwork(ThinVit.Shape, Thin.Classes, ThinVit.Px);
        var loaded = StateDictLoader.Load(network.Module, Written(source.Module.state_dict(), prefix), network.HeadName);
        Assert.False(loaded.HeadIsFresh);
        foreach (var (name, value) in source.Module.state_dict())
            Assert.True(network.Module.state_dict()[name].Equals(value), name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("model.")]
    public void HeadCalledAsHuggingFaceCallsIt_StaysTheHead_OfANetworkOfTorchVision(string prefix)
    {
        using var scope = NewDisposeScope();
        using var module = nn.Sequential(("features", nn.Sequential(("0", nn.Conv2d(3, 2, 3)))), ("classifier", nn.Sequential(("0", nn.Dropout()), ("1", nn.Linear(2, 4)))));
        var loaded = StateDictLoader.Load(module, Written(module.state_dict(), prefix), "classifier.1");
        Assert.Equal((4, false, 4), (loaded.EntriesLoaded, loaded.HeadIsFresh, loaded.HeadClasses));
    }

    private StateDictFile Written(Dictionary<string, Tensor> state, string prefix)
    {
        var path = folder.PathOf("prefixed.safetensors");
        SafetensorsWriter.Write(path, [.. state.Select(item => KeyValuePair.Create(prefix + item.Key, item.Value))], new Dictionary<string, string>());
        return StateDictFile.Read(path);
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Goldens", "Checkpoints", file);

    /// <param name="File">Name in the folder.</param>
    /// <param name="Of">The file with the weights that must come out.</param>
    private sealed record Checkpoint(string File, string Of)
    {
        /// <summary>What is asked for.</summary>
        public string? Key { get; init; }

        /// <summary>What must be taken.</summary>
        public string? KeyTaken { get; init; }

        /// <summary>Whether the file has a head.</summary>
        public bool Head { get; init; } = true;

        /// <summary>A part of what is said of the names.</summary>
        public string? Says { get; init; }

        /// <summary>What the network does not need.</summary>
        public string[]? Surplus { get; init; }

        /// <summary>A part of the refusal.</summary>
        public string? Refused { get; init; }
    }
}
