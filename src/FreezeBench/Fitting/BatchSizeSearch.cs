using System.Runtime.InteropServices;
using FreezeBench.Torch.Hardware;

namespace FreezeBench.Fitting;

/// <summary>Halves a batch size until it fits.</summary>
public static class BatchSizeSearch
{
    /// <summary>The first of a size, its half, the half of that and so on to 1 that works.</summary>
    /// <param name="asked">1 or more.</param>
    /// <param name="mayFit">
    /// Whether a size is worth an attempt; 1 always is. For devices where too large an attempt does more harm than an exception.
    /// </param>
    /// <param name="attempt">Does what will be done with batches of this size, and keeps nothing.</param>
    /// <param name="release">Called after each attempt that failed.</param>
    /// <exception cref="ExternalException">Memory is full with 1 already, or libtorch failed for another reason.</exception>
    public static int Find(int asked, Func<int, bool> mayFit, Action<int> attempt, Action release)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(asked, 1);
        var size = asked;
        while (size > 1 && !(mayFit(size) && Works(size, attempt, release)))
            size /= 2;
        // The last one fails as it likes.
        if (size == 1)
            attempt(size);
        return size;
    }

    private static bool Works(int size, Action<int> attempt, Action release)
    {
        try
        {
            attempt(size);
            return true;
        }
        catch (ExternalException e) when (FullMemory.Is(e))
        {
            // Outside of the filter, when all scopes of the attempt have been left: before that there is nothing to release.
            release();
            return false;
        }
    }
}
