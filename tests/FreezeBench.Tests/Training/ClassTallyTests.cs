using FreezeBench.Training;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

public class ClassTallyTests
{
    private static readonly int[] fiveAndSix = [5, 6];

    [Fact]
    public void HitsAreCountedByClass_OverBatches_AndBalancedOverClassesWithImages()
    {
        using var scope = NewDisposeScope();
        using var tally = new ClassTally(CPU);
        // Class 0: 3 of 4; class 1: 0 of 1; class 2 has no image.
        tally.Add(tensor(new[] { 3f, 1, 2, 3, 1, 2, 1, 3, 2 }, [3, 3]), tensor(new[] { 0L, 0, 0 }));
        tally.Add(tensor(new[] { 3f, 1, 2, 3, 1, 2 }, [2, 3]), tensor(new[] { 0L, 1 }));
        var counts = tally.Read();

        Assert.Equal([3, 0, 0], counts.Correct);
        Assert.Equal([4, 1, 0], counts.Total);
        Assert.Null(counts.Top5Correct);
        Assert.Equal(0.375, counts.BalancedAccuracyFraction);
    }

    [Fact]
    public void TopFive_CountsTiesAgainstTheRightClass_AndNothingThatIsNoNumber()
    {
        using var scope = NewDisposeScope();
        float[] falling = [7, 6, 5, 4, 3, 2, 1];
        var scores = stack([tensor(falling), tensor(falling), zeros(7), full(7, float.NaN)], 0);
        using var tally = new ClassTally(CPU);
        tally.Add(scores, tensor(new[] { 4L, 5, 0, 0 }));

        // Fifth of seven is among five, sixth is not; of seven equal ones each is the last.
        Assert.Equal(1, tally.Read().Top5Correct);
    }

    [Fact]
    public void SixClasses_HaveATopFive_AndFiveHaveNone()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([null, 1], fiveAndSix.Select(classes =>
        {
            using var tally = new ClassTally(CPU);
            tally.Add(arange(classes, ScalarType.Float32).reshape(1, -1), tensor(new[] { classes - 2L }));
            return tally.Read().Top5Correct;
        }));
    }

    [Fact]
    public void EqualCounts_AreEqual()
    {
        ClassCounts counts = new([1, 2], [2, 2], null);
        Assert.Equal(counts, new ClassCounts([1, 2], [2, 2], null));
        Assert.NotEqual(counts, new ClassCounts([1, 2], [2, 3], null));
        Assert.NotEqual(counts, new ClassCounts([1, 2], [2, 2], 3));
    }
}
