using FreezeBench.Images;
using FreezeBench.Images.Decoding;
using Xunit;

namespace FreezeBench.Tests.Images.Decoding;

public class RandomCropTests
{
    private const int Draws = 20_000;

    [Theory]
    [InlineData(0.08)]
    [InlineData(0.5)]
    public void Boxes_CoverTheRanges_WithTheMeansOfTheirDistributions(double smallestShare)
    {
        // Large and square: rounding to pixels is small, and few boxes are drawn again since they do not fit.
        const int Size = 1000;
        var boxes = Boxes(new RandomCrop(smallestShare), Size, Size);
        var shares = boxes.ConvertAll(box => (double)box.Height * box.Width / (Size * Size));
        var ratios = boxes.ConvertAll(box => (double)box.Width / box.Height);

        Assert.All(boxes, box => Assert.True(box.Top >= 0 && box.Left >= 0 && box.Top + box.Height <= Size && box.Left + box.Width <= Size));
        Assert.InRange(shares.Min(), smallestShare - 0.002, smallestShare + 0.01);
        Assert.InRange(shares.Max(), 0.97, 1.001);
        Assert.InRange(ratios.Min(), 0.745, 0.76);
        Assert.InRange(ratios.Max(), 1.32, 1.34);
        // The logarithm of the ratio is uniform around 0; 20,000 draws have a standard error of 0.0012.
        Assert.InRange(ratios.Average(Math.Log), -0.005, 0.005);
        // Large boxes are drawn again where the ratio does not fit, so the mean share is below the middle of the range:
        // integrated over both distributions, 0.478 and 0.692.
        Assert.InRange(shares.Average(), Expected(smallestShare) - 0.006, Expected(smallestShare) + 0.006);
    }

    [Fact]
    public void Places_AreSpreadOverTheRoomThatIsLeft()
    {
        var boxes = Boxes(RandomCrop.OfPhotographs, 300, 400).Where(box => box.Height < 250 && box.Width < 350).ToList();
        Assert.InRange(boxes.Average(box => (double)box.Top / (300 - box.Height)), 0.49, 0.51);
        Assert.InRange(boxes.Average(box => (double)box.Left / (400 - box.Width)), 0.49, 0.51);
        Assert.Contains(boxes, box => box.Top == 300 - box.Height);
        Assert.Contains(boxes, box => box.Left == 0);
    }

    // torchvision's last lines of RandomResizedCrop.get_params, by hand.
    [Theory]
    [InlineData(40, 300, 0, 123, 40, 53)]
    [InlineData(300, 40, 123, 0, 53, 40)]
    [InlineData(30, 36, 0, 0, 30, 36)]
    [InlineData(1, 1000, 0, 499, 1, 1)]
    public void WhereNoBoxFits_TheLargestCentredOneIsTaken(int height, int width, int top, int left, int boxHeight, int boxWidth) =>
        Assert.Equal(new CropBox(top, left, boxHeight, boxWidth), RandomCrop.Fallback(height, width));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 50)]
    [InlineData(3, 2)]
    [InlineData(7, 900)]
    public void TinyAndExtremeImages_GiveBoxesInside(int height, int width) => Assert.All(
        Boxes(RandomCrop.OfPhotographs, height, width).Take(500),
        box => Assert.True(box.Height >= 1 && box.Width >= 1 && box.Top >= 0 && box.Left >= 0 && box.Top + box.Height <= height && box.Left + box.Width <= width));

    [Fact]
    public void SeedEpochAndImage_EachChangeTheDraw_AndNothingElseDoes()
    {
        HashSet<CropBox> boxes = [];
        for (var seed = 0; seed < 8; seed++)
            for (var epoch = 0; epoch < 8; epoch++)
                for (var index = 0; index < 8; index++)
                    Assert.True(boxes.Add(Draw(seed, epoch, index)), $"Seed {seed}, epoch {epoch}, image {index} repeats the box of another.");
        Assert.Equal(Draw(3, 4, 5), Draw(3, 4, 5));
    }

    private static CropBox Draw(long seed, int epoch, long index)
    {
        var random = SplitMix64.ForImage(seed, epoch, index);
        return RandomCrop.OfPhotographs.Draw(ref random, 5000, 5000);
    }

    private static List<CropBox> Boxes(RandomCrop crop, int height, int width) => [.. Enumerable.Range(0, Draws).Select(index =>
    {
        var random = SplitMix64.ForImage(seed: 1, epoch: 0, index);
        return crop.Draw(ref random, height, width);
    })];

    /// <summary>The mean share on a square: a share s fits where sqrt(s * ratio) and sqrt(s / ratio) are at most 1, so |log ratio| is at most -log s.</summary>
    private static double Expected(double smallestShare)
    {
        var (sum, weights) = (0.0, 0.0);
        const int Steps = 100_000;
        for (var step = 0; step < Steps; step++)
        {
            var share = smallestShare + ((1 - smallestShare) * (step + 0.5) / Steps);
            var fits = Math.Min(1, -Math.Log(share) / Math.Log(4.0 / 3));
            (sum, weights) = (sum + (share * fits), weights + fits);
        }
        return sum / weights;
    }
}
