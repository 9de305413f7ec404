using System.Runtime.ExceptionServices;

namespace FreezeBench.Data;

/// <summary>A batch that threads are decoding, or have decoded.</summary>
internal sealed class PendingBatch(IReadOnlyList<FileView> files) : IDisposable
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Exception?[] errors = new Exception?[files.Count];
    private int missing = files.Count;
    private volatile bool abandoned;

    /// <summary>The pixels; complete after <see cref="Wait"/>.</summary>
    internal List<PaddedPixels> Parts { get; } = PaddedPixels.Divide(files);

    /// <summary>One for each image, in order.</summary>
    internal IEnumerable<DecodeJob> Jobs()
    {
        var number = 0;
        foreach (var part in Parts)
            for (var index = 0; index < part.Count; index++)
                yield return new DecodeJob(this, part, index, number++);
    }

    /// <summary>Decodes one image, on a worker; it never throws, since nobody would catch it there.</summary>
    internal byte[]? Decode(DecodeJob job, byte[]? buffer)
    {
        try
        {
            return abandoned ? buffer : job.Part.Decode(job.Index, buffer);
        }
        catch (Exception e)
        {
            // Thrown again, with its stack, by the thread that waits for the batch.
            errors[job.Number] = e;
            return buffer;
        }
        finally
        {
            if (Interlocked.Decrement(ref missing) == 0)
                done.SetResult();
        }
    }

    /// <summary>Nobody wants it any more: what is not decoded stays so, and its memory is left to the garbage collector.</summary>
    internal void Abandon() => abandoned = true;

    /// <summary>Waits until every image is decoded.</summary>
    /// <exception cref="Results.UserErrorException">The first of the batch's images, in its order, that could not be.</exception>
    internal void Wait()
    {
        done.Task.Wait();
        if (Array.Find(errors, error => error is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>Gives the memory back, after <see cref="Wait"/>.</summary>
    public void Dispose() => Parts.ForEach(part => part.Dispose());
}

/// <summary>One image of a batch to decode.</summary>
/// <param name="Batch">Told when it is done.</param>
/// <param name="Part">Where the pixels go.</param>
/// <param name="Index">The image's place in the part.</param>
/// <param name="Number">The image's place in the batch.</param>
internal readonly record struct DecodeJob(PendingBatch Batch, PaddedPixels Part, int Index, int Number);
