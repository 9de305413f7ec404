using FreezeBench.Kernels;
using FreezeBench.Networks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks;

/// <summary>What holds for every network in stages.</summary>
internal static class NetworkAssert
{
    /// <summary>Stages one after the other give the module's own bits, in eval mode and, from the same seed, in train mode.</summary>
    internal static void StagesAreTheModule(INetwork network, Tensor images)
    {
        foreach (var training in new[] { false, true })
        {
            using var scope = NewDisposeScope();
            network.Module.train(training);
            random.manual_seed(1);
            var whole = network.Module.call(images);
            random.manual_seed(1);
            var parts = network.Stages.Aggregate(images, (output, stage) => stage.Run(output));
            Assert.Equal([images.size(0), network.Classes], whole.shape);
            Assert.True(parts.bytes.SequenceEqual(whole.bytes), training ? "train mode" : "eval mode");
        }
    }

    /// <summary>Channels-last images stay so up to the last stage before the head, and the logits are the same but for the rounding; the network is channels-last then, in eval mode.</summary>
    internal static void ChannelsLastStays(INetwork network, Tensor images)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        network.Module.eval();
        var expected = network.Module.call(images);
        MemoryFormat.ChannelsLast.ApplyTo(network.Module);
        var output = MemoryFormat.ChannelsLast.ApplyTo(images.clone());
        foreach (var stage in network.Stages.SkipLast(2))
        {
            output = stage.Run(output);
            Assert.Equal(MemoryFormat.ChannelsLast.Strides(output.shape), output.stride());
        }
        ParityAssert.Folded(expected, network.Stages.TakeLast(2).Aggregate(output, (input, stage) => stage.Run(input)));
    }

    /// <summary>Every parameter, buffer and mode is in exactly one stage, and the head's weight and bias are where its name says.</summary>
    internal static void StagesShareOutTheModule(INetwork network)
    {
        var state = network.Module.state_dict();
        Assert.Equal(
            state.Values.Select(tensor => tensor.Handle).Distinct().Order(),
            network.Stages.SelectMany(stage => stage.Modules).SelectMany(module => module.state_dict().Values).Select(tensor => tensor.Handle).Order());
        var weight = state[network.HeadName + ".weight"];
        Assert.Contains(weight.Handle, network.Stages[^1].Modules.SelectMany(module => module.parameters()).Select(parameter => parameter.Handle));
        Assert.Equal(weight.size(0), network.Classes);

        foreach (var stage in network.Stages)
        {
            network.Module.train();
            foreach (var module in stage.Modules)
                module.eval();
            var modules = network.Module.modules().Prepend(network.Module).ToList();
            var others = network.Stages.Where(other => other != stage).SelectMany(other => other.Modules).ToList();
            Assert.All(stage.Modules.SelectMany(module => module.modules().Prepend(module)), module => Assert.False(module.training));
            Assert.All(others.SelectMany(module => module.modules().Prepend(module)), module => Assert.True(module.training));
            Assert.Contains(modules, module => !module.training);
        }
        network.Module.train();
        Assert.All(network.Module.modules(), module => Assert.True(module.training));
        foreach (var module in network.Stages.SelectMany(stage => stage.Modules))
            module.eval();
        // What has neither parameters nor a mode that matters, as a pooling, may be in no stage.
        Assert.All(
            network.Module.modules().Where(module => module.state_dict().Count > 0 || module is TorchSharp.Modules.Dropout),
            module => Assert.False(module.children().Any() ? module.children().Any(child => child.training) : module.training));
    }

    /// <summary>A pass without a graph leaves nothing but its result.</summary>
    internal static void StagesLeaveNothingBehind(INetwork network, Tensor images)
    {
        using var noGrad = no_grad();
        Pass();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++) Pass();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Pass()
        {
            var output = images.alias();
            foreach (var stage in network.Stages)
            {
                using var previous = output;
                output = stage.Run(previous);
            }
            output.Dispose();
        }
    }
}
