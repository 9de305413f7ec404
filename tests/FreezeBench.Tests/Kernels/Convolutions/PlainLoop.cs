using FreezeBench.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Convolutions;

/// <summary>A training loop of TorchSharp's own, to hold the fast layers to.</summary>
internal static class PlainLoop
{
    // Float32 rounding of some steps: the fast layers sum in another order.
    private const double Rounding = 1e-4;

    /// <summary>Different images in each, of the same labels.</summary>
    internal static IEnumerable<(Tensor Images, Tensor Labels)> Batches(int count = 4, int size = 32)
    {
        for (var batch = 0; batch < count; batch++)
            yield return (Thin.TinyImages(8, size).roll(batch, 0) * (1 + (0.1 * batch)), Thin.Labels(8, TorchVisionResNet.Classes));
    }

    internal static void Train(nn.Module<Tensor, Tensor> model, IEnumerable<(Tensor Images, Tensor Labels)> batches)
    {
        using var optimizer = optim.SGD(model.parameters().Where(parameter => parameter.requires_grad), learningRate: 0.002, momentum: 0.9);
        foreach (var (images, labels) in batches)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(model.call(images), labels).backward();
            optimizer.step();
        }
    }

    /// <summary>The loss of every pass in train mode from now on, whoever makes it.</summary>
    internal static IReadOnlyList<double> Losses(nn.Module<Tensor, Tensor> model)
    {
        List<double> losses = [];
        model.register_forward_hook((_, _, logits) =>
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            losses.Add(nn.functional.cross_entropy(logits, Thin.Labels((int)logits.size(0), (int)logits.size(1))).item<float>());
            return logits;
        });
        return losses;
    }

    /// <summary>As many losses, equal but for the rounding, which are not all the same.</summary>
    internal static void AssertSame(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.True(expected.Count > 1 && expected.Distinct().Count() == expected.Count, "The weights do not move: nothing was tested.");
        foreach (var (one, other) in expected.Zip(actual))
            Assert.InRange(other, one * (1 - Rounding), one * (1 + Rounding));
    }
}
