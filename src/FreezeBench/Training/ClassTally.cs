using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>Counts hits class by class, on the device: reading them at every batch would wait for it.</summary>
/// <param name="device">Of the scores to come.</param>
internal sealed class ClassTally(Device device) : IDisposable
{
    private const int Among = 5;

    private Tensor? counts;     // int64 [3, classes]: images, hits, and hits among the five largest by class

    /// <summary>Adds a batch. Called inside a scope, which disposes what this makes.</summary>
    /// <param name="scores">[N, classes], the largest is the prediction.</param>
    /// <param name="labels">int64 [N].</param>
    internal void Add(Tensor scores, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var classes = scores.size(1);
        counts ??= zeros([3, classes], ScalarType.Int64, device).DetachFromDisposeScope();
        var column = labels.unsqueeze(1);
        var isOfClass = column.eq(arange(classes, ScalarType.Int64, labels.device));
        var hits = scores.argmax(1, keepdim: true).eq(column);
        // Not topk, which breaks ties as it likes: with itself the right score has as many at least as high as its place says. One that is no number has none.
        var place = scores.ge(scores.gather(1, column)).sum(1, keepdim: true);
        using TorchSharp.Scalar first = 1, last = Among;
        var among = place.ge(first).logical_and(place.le(last));
        // [0] and not 0, which C# takes for a type.
        counts.add_(stack([isOfClass.sum([0]), isOfClass.logical_and(hits).sum([0]), isOfClass.logical_and(among).sum([0])], 0));
    }

    /// <summary>Reads the counts to the host, which waits for the device.</summary>
    internal ClassCounts Read()
    {
        if (counts is null)
            throw new InvalidOperationException("No batch was added: there is nothing to read.");
        using var host = counts.cpu();
        var all = host.data<long>().ToArray();
        var classes = all.Length / 3;
        IReadOnlyList<int> Row(int row) => [.. all.Skip(row * classes).Take(classes).Select(count => (int)count)];
        return new ClassCounts(Row(1), Row(0), classes > Among ? Row(2).Sum() : null);
    }

    public void Dispose() => counts?.Dispose();
}
