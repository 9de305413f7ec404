using FreezeBench.Kernels;
using FreezeBench.Networks.Vit;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.Vit;

/// <summary>ViT-Tiny is torchvision's vision transformer of these sizes, under timm's names.</summary>
public sealed class VitParityTests
{
    public static TheoryData<int> Sizes => [.. NetworkGolden.Instance.Vit.Select(golden => golden.Size)];

    [Fact]
    public void ParameterCount_With1000Classes_IsTimms()
    {
        using var network = new VitNetwork(VitShape.Tiny, 1000, 224);
        Assert.Equal(5_717_416, network.Module.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(5_717_416, Golden(224).ParametersWith1000Classes);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void StateDict_HasTimmsNamesAndShapes(int size)
    {
        using var network = new VitNetwork(VitShape.Tiny, NetworkGolden.Instance.Settings.Classes, size);
        var actual = network.Module.state_dict();
        Assert.Equal(Golden(size).StateDict.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(Golden(size).StateDict, entry => Assert.Equal(entry.Value, actual[entry.Key].shape));
    }

    [Theory]
    [InlineData(32, "contiguous")]
    [InlineData(32, "channels-last")]
    [InlineData(224, "channels-last")]
    public void EvalLogits_AreTorchvisions(int size, string format)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = Network(size);
        network.Module.eval();
        MemoryFormat.Parse(format).ApplyTo(network.Module);
        var images = MemoryFormat.Parse(format).ApplyTo(Thin.TinyImages(Golden(size).Images, size));
        ParityAssert.Logits(Golden(size).EvalLogits, network.Module.call(images), ParityAssert.Forward);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void LossAndGradients_AreTorchvisions(int size)
    {
        using var scope = NewDisposeScope();
        using var network = Network(size);
        var golden = Golden(size);
        var loss = nn.functional.cross_entropy(network.Module.call(Thin.TinyImages(golden.Images, size)), Labels(golden));
        loss.backward();
        ParityAssert.Losses([golden.Losses[0]], [loss.item<float>()]);
        var all = network.Module.named_parameters().ToDictionary(item => item.name, item => ParityAssert.Norm(item.parameter.grad!));
        all["all gradients"] = Math.Sqrt(all.Values.Sum(norm => norm * norm));
        ParityAssert.Norms(golden.GradientNorms, golden.GradientNorms.Keys.ToDictionary(name => name, name => all[name]));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Steps_AreThoseOfPyTorch(int size)
    {
        using var scope = NewDisposeScope();
        using var network = Network(size);
        var (golden, settings) = (Golden(size), NetworkGolden.Instance.Settings);
        var (images, labels) = (Thin.TinyImages(golden.Images, size), Labels(golden));
        using var optimizer = optim.SGD(network.Module.parameters(), settings.LearningRate, settings.Momentum, weight_decay: settings.WeightDecay);
        List<double> losses = [];
        // All ten of them at the size where a step is not a second's work.
        var steps = size == 32 ? golden.Losses.Length : 3;
        for (var number = 0; number < steps; number++)
        {
            using var step = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(network.Module.call(images), labels);
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }
        ParityAssert.Losses(golden.Losses[..steps], losses);
        if (steps < golden.Losses.Length)
            return;
        network.Module.eval();
        ParityAssert.Logits(golden.TrainedLogits, network.Module.call(images), ParityAssert.Training);
    }

    private static VitGolden Golden(int size) => NetworkGolden.Instance.Vit.Single(golden => golden.Size == size);

    private static Tensor Labels(VitGolden golden) => Thin.Labels(golden.Images, NetworkGolden.Instance.Settings.Classes);

    private static VitNetwork Network(int size)
    {
        var network = new VitNetwork(VitShape.Tiny, NetworkGolden.Instance.Settings.Classes, size);
        FormulaWeights.Fill(network.Module);
        return network;
    }
}
