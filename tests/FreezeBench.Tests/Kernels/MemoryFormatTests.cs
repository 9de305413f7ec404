using FreezeBench.Kernels;
using FreezeBench.Networks.Residual;
using FreezeBench.Tests.Networks;
using FreezeBench.Torch;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels;

public sealed class MemoryFormatTests
{
    public static TheoryData<string> Names => [.. MemoryFormat.All.Select(format => format.Name)];

    [Fact]
    public void UnknownName_ListsValidValues()
    {
        var error = Assert.Throws<RefusedException>(() => MemoryFormat.Parse("nhwc"));
        Assert.Equal("Unknown memory format 'nhwc'. Valid values: channels-last, contiguous.", error.Message);
    }

    [Theory]
    [InlineData(DeviceType.CPU)]
    [InlineData(DeviceType.CUDA)]
    public void Default_IsChannelsLast(DeviceType device) =>
        Assert.Equal(MemoryFormat.ChannelsLast, MemoryFormat.DefaultFor(device));

    [Theory]
    [MemberData(nameof(Names))]
    public void Batch_HasTheStridesOfTheFormat_AndTheSameValues(string name)
    {
        using var scope = NewDisposeScope();
        var format = MemoryFormat.Parse(name);
        var batch = Thin.TinyImages();
        foreach (var source in MemoryFormat.All.Select(from => from.ApplyTo(batch)))
        {
            var laidOut = format.ApplyTo(source);
            Assert.Equal(format.Strides(batch.shape), laidOut.stride());
            Assert.True(laidOut.contiguous().bytes.SequenceEqual(batch.bytes));
        }
    }

    [Fact]
    public void Module_IsLaidOutInPlace_AndBack()
    {
        using var scope = NewDisposeScope();
        using var network = Thin.Network(BlockKind.Bottleneck);
        var handles = network.parameters().Select(parameter => parameter.Handle).ToArray();
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        foreach (var format in MemoryFormat.All)
        {
            format.ApplyTo(network);
            Assert.Equal(handles, network.parameters().Select(parameter => parameter.Handle));
            Assert.All(network.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf));
            foreach (var parameter in network.parameters().Where(parameter => parameter.dim() == 4))
                Assert.Equal(format.Strides(parameter.shape), parameter.stride());
            foreach (var (name, tensor) in network.state_dict())
                Assert.True(tensor.contiguous().bytes.SequenceEqual(before[name].bytes), name);
        }
    }

    [Theory]
    [InlineData(BlockKind.Basic, true)]
    [InlineData(BlockKind.Basic, false)]
    [InlineData(BlockKind.Bottleneck, true)]
    [InlineData(BlockKind.Bottleneck, false)]
    public void ChannelsLastBatch_StaysChannelsLastThroughEveryStage_AndItsGradients(BlockKind block, bool training)
    {
        using var scope = NewDisposeScope();
        var format = MemoryFormat.ChannelsLast;
        using var network = Thin.Network(block);
        network.train(training);
        format.ApplyTo(network);
        // 64 px leave 2x2 at the end; at 1x1 the two formats are the same.
        var output = format.ApplyTo(Thin.TinyImages(size: 64));
        for (var stage = Stage.Stem; stage < Stage.Layer4; stage++)
        {
            output = network.Run(output, stage, stage);
            Assert.Equal(format.Strides(output.shape), output.stride());
        }
        var last = (nn.Module<Tensor, Tensor>)network.Modules(Stage.Layer4)[0];
        output = last.call(output);
        Assert.Equal(format.Strides(output.shape), output.stride());
        output.mean().backward();
        foreach (var (name, parameter) in network.named_parameters().Where(p => p.parameter.dim() == 4))
            Assert.True(format.Strides(parameter.shape).SequenceEqual(parameter.grad!.stride()), name);
    }

    [Fact]
    public void Optimizer_GoesOnAfterTheFormatChanged()
    {
        using var scope = NewDisposeScope();
        using var network = Thin.Network();
        using var optimizer = optim.SGD(network.parameters(), 0.1);
        MemoryFormat.ChannelsLast.ApplyTo(network);
        var before = network.state_dict()["conv1.weight"].clone();
        nn.functional.cross_entropy(network.call(Thin.TinyImages()), Thin.Labels()).backward();
        optimizer.step();
        Assert.False(network.state_dict()["conv1.weight"].equal(before).all().item<bool>());
    }
}
