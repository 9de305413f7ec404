using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

public sealed class TrajectoryParityTests
{
    public static TheoryData<string, string, string> Cases =>
        [.. from backbone in ResNets.All
            from policy in new[] { FreezingPolicy.FineTune, FreezingPolicy.Frozen, FreezingPolicy.FrozenTrainBatchNorm }
            from format in MemoryFormat.All
            where Differs(backbone, format)
            select (backbone.Name, policy.Name, format.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void TenSteps_AreThoseOfPyTorch(string backbone, string policy, string format)
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

    // Ten steps of a large network take seconds. Every policy and format with the smallest, every policy with the other kind of block. ResNet-34
    // has the smallest's blocks, only more of them: TorchvisionParityTests has the gradient of each of its parameters.
    private static bool Differs(Network network, MemoryFormat format) => network.Name switch
    {
        "resnet18" => true,
        "resnet50" => format == MemoryFormat.ChannelsLast,
        _ => false,
    };

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
