namespace FreezeBench.Results.Sets;

/// <summary>The samples of one case while its file is read.</summary>
/// <param name="expected">How many its summary promises; a wrong number costs time or memory, never a sample.</param>
internal sealed class CaseSamples(int expected)
{
    /// <summary>What is taken on a summary's word: a forged count must not order gigabytes.</summary>
    private const int LargestPromise = 1024;

    private readonly List<double> values = new(Math.Clamp(expected, 0, LargestPromise));
    // Null as long as the sample at position n has the index n, which is what the programs write.
    private List<int>? indices;

    /// <summary>Adds the sample with the given sample_index; one that is there already is kept beside it.</summary>
    internal void Add(int index, double valueMs)
    {
        if (indices is null && index != values.Count)
            indices = [.. Enumerable.Range(0, values.Count)];
        indices?.Add(index);
        values.Add(valueMs);
    }

    /// <summary>The samples by sample_index, equal ones in the file's order.</summary>
    internal double[] InOrder()
    {
        if (indices is null)
            return [.. values];
        var positions = Enumerable.Range(0, values.Count).OrderBy(position => indices[position]);
        return [.. positions.Select(position => values[position])];
    }
}
