namespace FreezeBench.Training;

/// <summary>What a pass over a data set came to, class by class.</summary>
/// <param name="Correct">By label: images of the class whose largest score was the right one.</param>
/// <param name="Total">By label: images of the class.</param>
/// <param name="Top5Correct">Images whose class was among the five largest scores; of equal scores the right one counts as the last. Null with five classes or fewer.</param>
public sealed record ClassCounts(IReadOnlyList<int> Correct, IReadOnlyList<int> Total, int? Top5Correct)
{
    /// <summary>Mean over the classes of the share of their images that is correct, 0 to 1; classes without images do not count.</summary>
    public double BalancedAccuracyFraction => Correct.Zip(Total).Where(of => of.Second > 0).Average(of => (double)of.First / of.Second);

    /// <summary>The same counts.</summary>
    public bool Equals(ClassCounts? other) =>
        other is not null && Top5Correct == other.Top5Correct && Correct.SequenceEqual(other.Correct) && Total.SequenceEqual(other.Total);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Correct.Count, Correct.Sum(), Total.Sum(), Top5Correct);
}
