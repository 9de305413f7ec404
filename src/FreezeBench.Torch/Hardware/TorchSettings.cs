using FreezeBench.Torch.Loading;
using TorchSharp;

namespace FreezeBench.Torch.Hardware;

/// <summary>Settings of torch that hold for the whole process.</summary>
public static class TorchSettings
{
    /// <summary>Sets how many threads one CPU operation uses; by default libtorch takes a thread per physical core.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static void SetThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        TorchLibrary.Load();
        torch.set_num_threads(threads);
    }
}
