using System.Collections.Concurrent;

namespace FreezeBench.Images.Sets;

/// <summary>Threads that decode the batches to come: the one that is asked for, and a bounded number behind it.</summary>
/// <remarks>Used by one thread. The threads begin with the first batch, so a source that nobody loads from has none.</remarks>
/// <param name="workers">Threads, 1 or more.</param>
/// <param name="batchesAhead">Batches decoded beyond the one that is asked for: what bounds the memory.</param>
/// <param name="steps">Batches of a pass.</param>
/// <param name="plan">A batch to decode, by the order that is valid now.</param>
internal sealed class DecodeAhead(int workers, int batchesAhead, int steps, Func<int, PendingBatch> plan) : IDisposable
{
    private readonly BlockingCollection<DecodeJob> jobs = [];
    private readonly SortedDictionary<int, PendingBatch> pending = [];
    private readonly List<Thread> threads = [];
    private bool disposed;

    /// <summary>Threads that have begun and not ended.</summary>
    internal int LiveWorkers => threads.Count(thread => thread.IsAlive);

    /// <summary>Another order: drops what was decoded by the old one and begins with the first batch.</summary>
    internal void Restart()
    {
        Keep(step => false);
        Begin(0);
    }

    /// <summary>The batch of a step, waited for; those behind it are decoded meanwhile. The caller disposes it.</summary>
    internal PendingBatch Take(int step)
    {
        Keep(other => other >= step && other <= step + batchesAhead);
        Begin(step);
        var batch = pending[step];
        pending.Remove(step);
        batch.Wait();
        return batch;
    }

    /// <summary>Ends the threads; what they are decoding is finished and thrown away.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        Keep(step => false);
        jobs.CompleteAdding();
        threads.ForEach(thread => thread.Join());
        jobs.Dispose();
    }

    private void Keep(Func<int, bool> wanted)
    {
        foreach (var step in pending.Keys.Where(step => !wanted(step)).ToList())
        {
            pending[step].Abandon();
            pending.Remove(step);
        }
    }

    private void Begin(int first)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        for (var step = first; step <= Math.Min(first + batchesAhead, steps - 1); step++)
        {
            if (pending.ContainsKey(step))
                continue;
            var batch = pending[step] = plan(step);
            foreach (var job in batch.Jobs())
                jobs.Add(job);
        }
        while (threads.Count < workers)
            Start();
    }

    private void Start()
    {
        // Background: a program that ends by an error must not wait for them.
        var thread = new Thread(Work) { IsBackground = true, Name = $"decode {threads.Count}" };
        threads.Add(thread);
        thread.Start();
    }

    private void Work()
    {
        byte[]? buffer = null;
        foreach (var job in jobs.GetConsumingEnumerable())
            buffer = job.Batch.Decode(job.Index, buffer);
    }
}
