using System.Globalization;
using FreezeBench.Freezing;
using FreezeBench.Networks.Catalog;
using FreezeBench.Tests.Networks;
using Xunit;

namespace FreezeBench.Tests.Freezing;

public class StepFlopsTests
{
    [Fact]
    public void Counts_AreThoseOfHooksOnTorchvision()
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Goldens", "flops.csv")).Skip(1).ToList();
        Assert.Equal(3 * 3 * 14, lines.Count);
        Assert.All(lines, line =>
        {
            var cells = line.Split(',');
            long Number(int cell) => long.Parse(cells[cell], CultureInfo.InvariantCulture);
            var flops = StepFlops.Of(NetworkCatalog.Parse(cells[0]), (int)Number(1), (int)Number(2), FreezingPolicy.Parse(cells[3]));

            Assert.True((Number(4), Number(5)) == (flops.Forward, flops.Backward), $"{line}: {flops}");
        });
    }

    [Fact]
    public void ResNet18At224_IsThePapers()
    {
        var flops = StepFlops.Of(NetworkCatalog.ResNet18, 1000, 224, FreezingPolicy.FineTune);

        // Table 1 of He et al. has 1.8e9, a multiplication and an addition counted once.
        Assert.Equal(1.8e9, flops.Forward / 2.0, 0.05e9);
    }

    [Fact]
    public void ThinNetwork_IsAsCountedByHand()
    {
        // 8 px: the stem gives 4x4 places, its pooling 2x2, layer1 has 2x2, all later ones 1x1.
        const long Stem = 16 * 8 * 3 * 49;
        const long Layer1 = 4 * 2 * (8 * 8 * 9);
        const long Layer2 = (16 * 8 * 9) + (16 * 16 * 9) + (16 * 8);
        const long Layer3 = (32 * 16 * 9) + (32 * 32 * 9) + (32 * 16);
        const long Layer4 = (64 * 32 * 9) + (64 * 64 * 9) + (64 * 32);
        const long Head = 64 * Thin.Classes;
        const long Seen = (64 * 32 * 9) + (64 * 32);  // layer4's first convolution and shortcut get no gradient of their input

        var flops = StepFlops.Of(Thin.Definition(), Thin.Classes, 8, FreezingPolicy.FromLayer4);

        Assert.Equal(2 * (Stem + Layer1 + Layer2 + Layer3 + Layer4), flops.BackboneForward);
        Assert.Equal(flops.BackboneForward + 2 * Head, flops.Forward);
        Assert.Equal(2 * ((2 * Layer4) - Seen + (2 * Head)), flops.Backward);
    }

    [Fact]
    public void Adapters_AreAsCountedByHand()
    {
        // A of rank 2 has 2 * in * K * K numbers and B 2 * out, each used once at every place of the output.
        const long Down = (16 * 2 * 3 * 49) + (4 * 2 * (2 * 8 * 9)) + (2 * ((8 * 9) + (16 * 9) + 8)) + (2 * ((16 * 9) + (32 * 9) + 16)) + (2 * ((32 * 9) + (64 * 9) + 32));
        const long Up = (16 * 2 * 8) + (4 * 2 * (2 * 8)) + (3 * 2 * 16) + (3 * 2 * 32) + (3 * 2 * 64);
        const long OfTheImages = 16 * 2 * 3 * 49;
        const long Head = 64 * Thin.Classes;
        // The stem's own convolution needs neither gradient; all others that of their input.
        var (own, stem) = (StepFlops.Of(Thin.Definition(), Thin.Classes, 8, FreezingPolicy.Frozen), 2L * 16 * 8 * 3 * 49);

        var flops = StepFlops.Of(Thin.Definition(), Thin.Classes, 8, FreezingPolicy.LowRank(2));

        Assert.Equal(own.BackboneForward, flops.BackboneForward);
        Assert.Equal(own.Forward + (2 * (Down + Up)), flops.Forward);
        Assert.Equal((own.BackboneForward - stem) + (2 * 2 * Head) + (2 * ((2 * (Down + Up)) - OfTheImages)), flops.Backward);
    }

    [Theory]
    [InlineData("bias-only")]
    [InlineData("norm-only")]
    public void PoliciesWithoutTrainedKernels_NeedTheGradientsOfInputsAlone(string policy)
    {
        var (frozen, flops) = (StepFlops.Of(Thin.Definition(), Thin.Classes, 8, FreezingPolicy.Frozen), StepFlops.Of(Thin.Definition(), Thin.Classes, 8, FreezingPolicy.Parse(policy)));
        const long Stem = 2L * 16 * 8 * 3 * 49;

        Assert.Equal(frozen.Forward, flops.Forward);
        Assert.Equal(frozen.BackboneForward - Stem + (2L * 2 * 64 * Thin.Classes), flops.Backward);
    }

    [Fact]
    public void OneStageThatTrains_IsReachedThroughAllBehindIt_AndItsKernelsAloneHaveGradients()
    {
        var only = StepFlops.Of(Thin.Definition(), Thin.Classes, 8, FreezingPolicy.Parse("only-layer3"));
        var from = StepFlops.Of(Thin.Definition(), Thin.Classes, 8, FreezingPolicy.FromLayer3);
        const long Layer4 = (64 * 32 * 9) + (64 * 64 * 9) + (64 * 32);

        Assert.Equal(from.Forward, only.Forward);
        Assert.Equal(from.Backward - (2 * Layer4), only.Backward);
    }

    [Fact]
    public void CachedFeatures_LeaveTheHead()
    {
        var flops = StepFlops.Of(Thin.Definition(), Thin.Classes, 32, FreezingPolicy.FrozenCached);

        Assert.Equal((2L * 64 * Thin.Classes, 2L * 64 * Thin.Classes), (flops.Forward, flops.Backward));
        Assert.True(flops.BackboneForward > flops.Forward);
    }
}
