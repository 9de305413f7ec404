using FreezeBench.Benchmarks.Layers;
using FreezeBench.Benchmarks.Profiling;
using FreezeBench.Benchmarks.Tests.Processes;
using FreezeBench.Faults;
using FreezeBench.Freezing;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Residual;
using FreezeBench.Optimizing;
using FreezeBench.Results;
using FreezeBench.Torch.Hardware;
using FreezeBench.Torch.Loading;
using FreezeBench.Training;
using TorchSharp;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Profiling;

/// <summary>Profiles of a network that is 8 channels wide, with one block a layer.</summary>
// Weights are drawn from torch's generator, which the program that other tests call in this process draws from too.
[Collection(ProgramHere.Collection)]
public class ProfileTests
{
    private static readonly Network network = NetworkCatalog.Residual("thin", new(BlockKind.Basic, [1, 1, 1, 1], Width: 8));

    public static TheoryData<string> Policies { get; } = new(FreezingPolicy.All.Select(policy => policy.Name));

    private static Trainer Ready(ImageDataSet data, string policy)
    {
        // The tests of other classes run beside this one: threads that wait for each other wait for those too.
        TorchSettings.SetThreads(1);
        var trainer = new Trainer(network, FreezingPolicy.Parse(policy), data, 32, MemoryFormat.ChannelsLast, new TrainingOptions { BatchSize = 4 });
        if (trainer.NeedsFeatures)
            trainer.ExtractFeatures();
        trainer.Shuffle(0);
        return trainer;
    }

    private static ImageDataSet Images() => SyntheticImages.Create(8, 16, 3, seed: 1, torch.CPU);

    private static byte[][] Bits(Trainer trainer)
    {
        using var scope = torch.NewDisposeScope();
        var adapters = trainer.Network.AdapterParameters.Select(item => KeyValuePair.Create(item.Key, (torch.Tensor)item.Value));
        return [.. trainer.Network.Network.Module.state_dict().Concat(adapters).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value.detach().contiguous().bytes.ToArray())];
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void ProfiledSteps_TrainTheSameWeights_BitForBit(string policy)
    {
        Assert.SkipWhen(policy.StartsWith("lora", StringComparison.Ordinal), "A layer's input has an adapter's gradient beside its own: in which order autograd adds three of them, and so the last bit, changes with the marks between layers.");
        TorchLibrary.Load();
        using var data = Images();
        using Trainer plain = Ready(data, policy), profiled = Ready(data, policy);
        var clock = new LayerClock(new DeviceClock(torch.CPU).Now);
        for (var step = 0; step < 3; step++)
        {
            plain.Step(step % 2, NoObserver.Instance);
            using (new LayerHooks(profiled.Network, clock, clock))
                profiled.Step(step % 2, clock);
        }

        Assert.Equal(Bits(plain), Bits(profiled));
    }

    [Theory]
    [InlineData("fine-tune", "conv1", true)]
    [InlineData("from-layer2", "layer2.0.conv1", true)]
    [InlineData("from-layer4", "layer4.0.conv1", true)]
    [InlineData("frozen-train-bn", "fc", true)]
    [InlineData("frozen", "fc", true)]
    [InlineData("frozen-cached", "fc", false)]
    public void EveryConvolution_HasAForwardTime_AndABackwardTimeWhereItTrains(string policy, string first, bool runsBackbone)
    {
        TorchLibrary.Load();
        using var data = Images();
        using var trainer = Ready(data, policy);
        string[] all =
        [
            "conv1", "layer1.0.conv1", "layer1.0.conv2", "layer2.0.conv1", "layer2.0.conv2", "layer2.0.downsample.0", "layer3.0.conv1",
            "layer3.0.conv2", "layer3.0.downsample.0", "layer4.0.conv1", "layer4.0.conv2", "layer4.0.downsample.0", "fc",
        ];

        var rows = Profile.Of(trainer, new DeviceClock(torch.CPU), warmUps: 1, rounds: 3).Rows;

        string[] Layers(StepPhase phase) => [.. rows.Where(row => row.Phase == phase && (row.Layer == "fc" || row.Layer.Contains("conv", StringComparison.Ordinal) || row.Layer.EndsWith("downsample.0", StringComparison.Ordinal))).Select(row => row.Layer)];
        // Within a frozen block the shortcut may come before the last convolution, which adds to it.
        Assert.Equal((runsBackbone ? all : ["fc"]).Order(), Layers(StepPhase.Forward).Order());
        // Backwards; within a block the shortcut was the last.
        Assert.Equal(all.SkipWhile(name => name != first).Reverse(), Layers(StepPhase.Backward));
        Assert.All(rows, row => Assert.True(row.Samples == 3 && row.MinMs >= 0 && row.MedianMs >= row.MinMs));
        Assert.Equal(1, rows.Sum(row => row.ShareOfStep), 1e-9);
        Assert.Equal(StepPhases.All, rows.Select(row => row.Phase).Distinct());
    }

    [Theory]
    [InlineData(SpecialFile.Pipe, "a pipe")]
    [InlineData(SpecialFile.Zero, "a device")]
    public async Task WhatIsNoFile_InThePlaceOfTheProfile_IsSaid_AndNotWaitedFor(string kind, string told)
    {
        Assert.SkipUnless(SpecialFile.AreThere, "Special files are Unix's.");
        var folder = Directory.CreateTempSubdirectory("freezebench-test-").FullName;
        SpecialFile.Put(kind, Path.Combine(folder, ProfileRow.FileName));
        var error = await Task.Run(() => Record.Exception(() => ProfileProgram.Save(folder, ["row"])), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Directory.Delete(folder, recursive: true);
        Assert.Contains($"it is {told}; only regular files are replaced.", Assert.IsType<UserErrorException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Profiling_LeavesNoTensor_AndNoHookBehind()
    {
        TorchLibrary.Load();
        using var data = Images();
        using var trainer = Ready(data, "from-layer3");
        Profile.Of(trainer, new DeviceClock(torch.CPU), warmUps: 1, rounds: 1);
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Profile.Of(trainer, new DeviceClock(torch.CPU), warmUps: 1, rounds: 3);

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        var clock = new LayerClock(() => throw new InvalidOperationException("A hook was left behind."));
        new LayerHooks(trainer.Network, clock, clock).Dispose();
        trainer.Step(0, NoObserver.Instance);
    }

    [Fact]
    public void Row_IsALineOfTheFile() => Assert.Equal(
        "resnet18,32,64,fp32,channels-last,2,cpu,fine-tune,backward,layer1.0.conv1,1.5,1.25,10,0.125,fast",
        new ProfileRow("fine-tune", StepPhase.Backward, "layer1.0.conv1", 1.5, 1.25, 10, 0.125).ToLine("resnet18,32,64,fp32,channels-last,2,cpu", "fast"));

    [Fact]
    public void Header_HasACellForEachOfALine() => Assert.Equal(
        ProfileRow.Header.Split(',').Length, new ProfileRow("p", StepPhase.Data, "all", 1, 1, 1, 1).ToLine("b,1,1,p,m,1,d", "k").Split(',').Length);
}
