using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Suites;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Suites;

public class CostModelSuiteTests
{
    [Theory]
    [InlineData(64, 512, new[] { 64, 128, 256, 512 })]
    [InlineData(128, 4096, new[] { 128, 1024, 2048, 4096 })]
    [InlineData(16, 32, new[] { 16, 32, 64 })]
    [InlineData(10, 75, new[] { 10, 30, 70 })]
    public void Epochs_AreWholeBatches_OfThreeLengthsOrMore(int batchSize, int images, int[] expected) =>
        Assert.Equal(expected, CostModelSuite.EpochLengths(batchSize, images));

    [Fact]
    public void Phase_TellsItsImages()
    {
        Assert.Equal("epoch_of_512", CasePhases.EpochOf(512));
        Assert.Equal(512, CasePhases.ImagesOfEpoch("epoch_of_512"));
        Assert.Null(CasePhases.ImagesOfEpoch(CasePhases.Epoch));
        Assert.Null(CasePhases.ImagesOfEpoch(CasePhases.EpochsInTurn));
    }

    [Fact]
    public void Size_ComesBackFromItsText()
    {
        var size = new CaseSize(128, 224);

        Assert.Equal("128x224px", size.ToString());
        Assert.Equal(size, CaseSize.Parse(size.ToString()));
    }
}
