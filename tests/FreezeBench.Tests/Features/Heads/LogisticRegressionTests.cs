using FreezeBench.Features.Heads;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Features.Heads;

/// <summary>The minimum is scikit-learn's, and so is the choice of the penalty: Goldens/make_head_goldens.py.</summary>
public class LogisticRegressionTests
{
    // Ours ends where no slope s along an axis is above 1e-6, scikit-learn's at 1e-10. Where the images set no limit the penalty l alone curves the loss: a
    // slope of n components is at most s sqrt(n) / l from the minimum. A wrong C (by 10 %) moves the second digit.
    private const double Slope = 1e-6;
    private const double Tolerance = 1e-4;

    public static TheoryData<int> Cases { get; } = new(Enumerable.Range(0, HeadGolden.Instance.Logistic.Length));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Minimum_IsThatOfScikitLearn(int number)
    {
        using var scope = NewDisposeScope();
        var golden = HeadGolden.Instance.Logistic[number];
        var (features, labels) = HeadGolden.Features("train", golden.Count, golden.Width, golden.Classes);
        using var regression = new LogisticRegression(features, labels, golden.Classes);

        var minimum = regression.Fit(golden.L2, regression.Start(), TestContext.Current.CancellationToken);
        var (weight, bias) = regression.Layer(minimum.Point);

        Assert.True(minimum.Converged, $"slope {minimum.LargestSlope} after {minimum.Iterations} iterations");
        var distance = Math.Max(Tolerance, Slope * Math.Sqrt(golden.Classes * golden.Width) / golden.L2);
        AssertClose(golden.Weights.SelectMany(row => row), weight, distance);
        AssertClose(golden.Bias, bias, distance);
        var (tested, _) = HeadGolden.Features("test", golden.Predictions.Length, golden.Width, golden.Classes);
        Assert.Equal(golden.Predictions, regression.Scores(minimum.Point, tested).argmax(1).data<long>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ChosenStrength_IsThatOfScikitLearnsFitsOnTheSameSplit(int number)
    {
        using var scope = NewDisposeScope();
        var golden = HeadGolden.Instance.Logistic[number];
        var (features, labels) = HeadGolden.Features("train", golden.Count, golden.Width, golden.Classes);
        List<int> fitted = [];

        var chosen = LogisticChoice.Of(features, labels, golden.Classes, golden.Seed, fitted.Add, TestContext.Current.CancellationToken);

        Assert.Equal(golden.Chosen, chosen!.Value, 1e-6);
        Assert.Equal(Enumerable.Range(1, LogisticChoice.Grid.Count), fitted);
    }

    [Fact]
    public void AnyStart_LeadsToTheOneMinimum_AndTheSameStartToTheSameBits()
    {
        using var scope = NewDisposeScope();
        var (features, labels) = HeadGolden.Features("train", 60, 6, 3);
        using var regression = new LogisticRegression(features, labels, 3);
        var first = regression.Fit(0.1, regression.Start(), TestContext.Current.CancellationToken);
        var again = regression.Fit(0.1, regression.Start(), TestContext.Current.CancellationToken);
        var elsewhere = regression.Fit(0.1, regression.Start() + 3, TestContext.Current.CancellationToken);

        Assert.Equal(first.Point.data<double>().ToArray(), again.Point.data<double>().ToArray());
        Assert.Equal(first.Value, elsewhere.Value, 1e-9);
        // Of b alone a number may be added to all classes without a change.
        var ((weight, _), (other, _)) = (regression.Layer(first.Point), regression.Layer(elsewhere.Point));
        AssertClose(weight.reshape(-1).data<double>().ToArray(), other);
    }

    [Theory]
    [InlineData(60, 12, 100)]
    [InlineData(16, 40, 300)]
    public void FeaturesOfUnlikeSize_AreFittedToTheMinimum(int count, int width, int steps)
    {
        using var scope = NewDisposeScope();
        const double l2 = 1e-4;
        var (bare, labels) = HeadGolden.Features("train", count, width, 3);
        // From 1 down to 1e-4, and each mixed with the one before: the axes are none of the features.
        var sizes = pow(10, arange(width, ScalarType.Float64) * (-4.0 / (width - 1)));
        var features = (bare + bare.roll(1, 1)).to(ScalarType.Float64) * sizes;
        using var regression = new LogisticRegression(features, labels, 3);

        var minimum = regression.Fit(l2, regression.Start(), TestContext.Current.CancellationToken);
        var (weight, _) = regression.Layer(minimum.Point);

        // The first without the axes: 385 by SciPy's L-BFGS.
        Assert.True(minimum.Converged && minimum.Iterations < steps, $"slope {minimum.LargestSlope} after {minimum.Iterations} iterations");
        // At the minimum the loss's slope by the weights of the standardised features is what the penalty's is, with the other sign.
        var standard = Standardisation.Of(features);
        var missed = nn.functional.softmax(regression.Scores(minimum.Point, features), 1) - nn.functional.one_hot(labels, 3);
        var slope = (missed.t().matmul(standard.Apply(features)) / count) + (weight * standard.Scale * l2);
        Assert.True(slope.abs().max().item<double>() < 1e-6 * Math.Sqrt(width), $"{slope.abs().max().item<double>()}");
    }

    [Fact]
    public void FunctionThatNoQuadraticDescribes_IsMinimisedToo()
    {
        using var scope = NewDisposeScope();
        // Flat far away and steep near by: sum of sqrt(1 + (x - i)^2), whose minimum is at 0, 1, 2, ...
        var target = arange(5, ScalarType.Float64);
        var minimum = new Lbfgs(
            point =>
            {
                var root = (1 + (point - target).square()).sqrt();
                return (root.sum().item<double>(), (point - target) / root);
            }, 1e-9, 100, ones(5, ScalarType.Float64)).From(full(5, 1000.0, ScalarType.Float64), TestContext.Current.CancellationToken);

        Assert.True(minimum.Converged);
        AssertClose([0, 1, 2, 3, 4], minimum.Point);
    }

    [Fact]
    public void ItsEndIsTold_WhereIterationsAreTooFew()
    {
        using var scope = NewDisposeScope();
        var minimum = new Lbfgs(point => (point.square().sum().item<double>() / 2, point.clone()), 1e-12, 1, ones(2, ScalarType.Float64)).From(tensor(new[] { 3.0, 4000 }), TestContext.Current.CancellationToken);
        Assert.Equal((1, false), (minimum.Iterations, minimum.Converged));
    }

    [Fact]
    public void Split_KeepsAFifthOfEveryClass_AndOfTwoImagesOne_AndOfOneNone()
    {
        long[] labels = [.. Enumerable.Repeat(0L, 10), .. Enumerable.Repeat(1L, 2), 2];
        var (fitted, kept) = LogisticChoice.Split(labels, seed: 1);

        Assert.Equal([2, 1], kept.CountBy(index => labels[index]).OrderBy(count => count.Key).Select(count => count.Value));
        Assert.Equal(Enumerable.Range(0, 13).Select(index => (long)index), fitted.Concat(kept).Order());
        Assert.Equal(kept, LogisticChoice.Split(labels, seed: 1).Kept);
        Assert.Contains(Enumerable.Range(2, 5), seed => !kept.SequenceEqual(LogisticChoice.Split(labels, seed).Kept));
    }

    [Fact]
    public void OneImageOfEachClass_LeavesNoChoice()
    {
        using var scope = NewDisposeScope();
        var (features, labels) = HeadGolden.Features("train", 3, 6, 3);
        Assert.Null(LogisticChoice.Of(features, labels, 3, seed: 1, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(0.01, LogisticChoice.WithoutChoice, 1e-12);
    }

    private static void AssertClose(IEnumerable<double> expected, Tensor actual, double tolerance = Tolerance) =>
        Assert.All(expected.Zip(actual.reshape(-1).contiguous().data<double>().ToArray(), (theirs, ours) => (theirs, ours)), pair => Assert.Equal(pair.theirs, pair.ours, tolerance));
}
