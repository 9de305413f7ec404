using FreezeBench.Features.Heads;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Features.Heads;

/// <summary>Votes are scikit-learn's: Goldens/make_head_goldens.py.</summary>
public class NearestNeighboursTests
{
    public static TheoryData<int> Cases { get; } = new(Enumerable.Range(0, HeadGolden.Instance.Nearest.Length));

    [Theory]
    [MemberData(nameof(Cases))]
    public void PredictionsAndShares_AreThoseOfScikitLearn(int number)
    {
        using var scope = NewDisposeScope();
        var golden = HeadGolden.Instance.Nearest[number];
        var (features, labels) = HeadGolden.Features("train", golden.Count, golden.Width, golden.Classes);
        var (tested, _) = HeadGolden.Features("test", golden.Predictions.Length, golden.Width, golden.Classes);
        using var neighbours = new NearestNeighbours(features, labels, golden.Classes);

        var shares = neighbours.LogShares(tested);

        Assert.Equal(golden.Predictions, shares.argmax(1).data<long>().ToArray());
        // The goldens have nine digits, and the vote more of each class is less than 1e-9 of all.
        Assert.All(golden.Shares.SelectMany(row => row).Zip(shares.exp().reshape(-1).data<double>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-8));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TrainingImages_AreJudgedByAllOthers(int number)
    {
        using var scope = NewDisposeScope();
        var golden = HeadGolden.Instance.Nearest[number];
        var (features, labels) = HeadGolden.Features("train", golden.Count, golden.Width, golden.Classes);
        using var neighbours = new NearestNeighbours(features, labels, golden.Classes);

        var others = Enumerable.Range(0, golden.Others.Length).Select(index => neighbours.LogSharesOfOthers(7 * index, 1).argmax(1).item<long>());

        Assert.Equal(golden.Others, others);
        // Several at once are the same as one by one.
        Assert.Equal(golden.Others[..2], neighbours.LogSharesOfOthers(0, 8).argmax(1).data<long>().ToArray().Where((_, index) => index % 7 == 0));
    }

    [Fact]
    public void ClassWithoutANeighbour_HasAShareAboveNothing_AndFeaturesOfNothingAreNoNaN()
    {
        using var scope = NewDisposeScope();
        using var neighbours = new NearestNeighbours(tensor(new[] { 1f, 0, 0, 1 }, [2, 2]), tensor(new[] { 0L, 1 }), 3);
        var shares = neighbours.LogShares(zeros(1, 2)).data<double>().ToArray();

        // Both images are as similar to nothing: similarity 0.
        Assert.Equal(shares[0], shares[1]);
        Assert.Equal(Math.Exp(-10) / (2 + (3 * Math.Exp(-10))), Math.Exp(shares[2]), 1e-12);
    }
}
