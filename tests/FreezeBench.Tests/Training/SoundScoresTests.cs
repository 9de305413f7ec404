using FreezeBench.Results;
using FreezeBench.Training;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Safetensors;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

/// <summary>Weights of numbers that no single check refuses, and a network that is broken all the same.</summary>
public sealed class SoundScoresTests : IDisposable
{
    private readonly Temporary folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("frozen", 3e38f, "makes class scores of the images that are not finite")]
    [InlineData("frozen-cached", 3e38f, "makes class scores of the images that are not finite")]
    [InlineData("fine-tune", 3e38f, "makes class scores of the images that are not finite")]
    [InlineData("frozen-cached", 0f, "makes the same class scores of every image")]
    public void WeightsThatBreakTheNetwork_AreRefused_AndNotCalledDivergence(string strategy, float value, string told)
    {
        using var training = TinyImages();
        using var test = TinyImages(7, seed: 2);
        var options = TinyRun.Options(training, test, Strategy.Parse(strategy), epochs: 1);
        using var broken = new TrainingRun(options with { Weights = Weights(options, value) });

        var error = Assert.Throws<UserErrorException>(() => broken.NextEpoch());
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.Contains("weights.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LookingAtThem_ChangesNothing()
    {
        using var training = TinyImages();
        using var test = TinyImages(7, seed: 2);
        var options = TinyRun.Options(training, test, Strategy.Parse("fine-tune"), epochs: 1);
        using TrainingRun drawn = new(options), loaded = new(options with { Weights = Weights(options, null) });

        Assert.Equal(drawn.WeightsSha256(), loaded.WeightsSha256());
        Assert.Equal(drawn.NextEpoch().Timeless(), loaded.NextEpoch().Timeless());
    }

    // Of the network that the run draws; null: as they are, else the first convolution's are all this.
    private StateDictFile Weights(TrainingRunOptions options, float? value)
    {
        using var scope = NewDisposeScope();
        var network = InitialNetwork.Create(options.Network, options.Training.Classes, options.ResolutionPx, options.Kernels, options.Training.Device, options.MemoryFormat, options.Seed, null);
        var path = Path.Combine(folder.Folder, "weights.safetensors");
        SafetensorsWriter.Write(path, [.. network.Module.state_dict().Select(entry => KeyValuePair.Create(entry.Key, value is { } all && entry.Key == "conv1.weight" ? full_like(entry.Value, all) : entry.Value))], new Dictionary<string, string>());
        network.Dispose();
        return StateDictFile.Read(path);
    }
}
