using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

public sealed class TrajectoryParityTests
{
    // To fill a large network takes as long as its steps: the smallest one, and each format where all of it trains. PolicyGoldenTests has every
    // policy and both kinds of block, of thin networks; TorchvisionParityTests the gradient of each parameter of the other ResNets.
    public static TheoryData<string, string, string> Cases =>
        [.. from policy in new[] { FreezingPolicy.FineTune, FreezingPolicy.Frozen, FreezingPolicy.FrozenTrainBatchNorm }
            from format in MemoryFormat.All
            where policy == FreezingPolicy.FineTune || format == MemoryFormat.ChannelsLast
            select (NetworkCatalog.ResNet18.Name, policy.Name, format.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void FourSteps_AreThoseOfPyTorch(string backbone, string policy, string format)
    {
        using var scope = NewDisposeScope();
        using var resNet = GoldenRun.Network(backbone, format);
        var before = resNet.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var network = new PolicyNetwork(resNet, FreezingPolicy.Parse(policy));
        var (images, labels) = (GoldenRun.TinyImages(format), GoldenRun.Labels());
        var golden = ResNetGolden.Of(NetworkCatalog.Parse(backbone)).Trajectories[policy];
        ParityAssert.Losses(golden.Losses, Train(network, images, labels, golden.Losses.Length));

        var moved = resNet.state_dict()
            .Where(entry => !entry.Value.contiguous().bytes.SequenceEqual(before[entry.Key].contiguous().bytes));
        var norms = moved.ToDictionary(entry => entry.Key, entry => ParityAssert.Norm(entry.Value));
        ParityAssert.Norms(golden.MovedStateNorms, norms);
        network.Eval();
        ParityAssert.Logits(golden.EvalLogits, network.Forward(images), ParityAssert.Training);
    }

    internal static List<double> Train(PolicyNetwork network, Tensor images, Tensor labels, int steps)
    {
        var settings = ResNetGolden.Settings;
        using var optimizer = optim.SGD(network.TrainableParameters, settings.LearningRate, settings.Momentum,
            weight_decay: settings.WeightDecay);
        List<double> losses = [];
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            network.ZeroGrad();
            var loss = nn.functional.cross_entropy(network.Forward(images), labels);
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }
        return losses;
    }
}
