using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

internal static class ClassDraw
{
    /// <summary>The positions of every class in an order that the seed draws; of each class the first ones are its draw.</summary>
    /// <param name="labels">Of all images.</param>
    /// <param name="seed">Same seed, same order, on every device.</param>
    internal static IEnumerable<IGrouping<long, long>> Of(IReadOnlyList<long> labels, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        return randperm(labels.Count, ScalarType.Int64, CPU, generator: generator).data<long>().ToArray().GroupBy(index => labels[(int)index]);
    }

    /// <summary>The same of a set's labels, int64 [N]; not owned.</summary>
    internal static IEnumerable<IGrouping<long, long>> OfTensor(Tensor labels, int seed)
    {
        using var scope = NewDisposeScope();
        return Of(labels.cpu().data<long>().ToArray(), seed);
    }
}
