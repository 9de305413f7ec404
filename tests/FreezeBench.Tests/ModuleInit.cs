using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FreezeBench.Torch.Hardware;
using FreezeBench.Torch.Loading;
using Xunit.Sdk;
using Xunit.v3;

// One class after the other: weights are drawn from torch's global generator, which has one state for the whole process,
// and two trainers built at once would take numbers from each other.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace FreezeBench.Tests;

internal static class ModuleInit
{
    // A test that uses torch before any type of FreezeBench would meet TorchSharp's own look-up, which fails on Debian 12.
    // One thread: OpenMP's threads wait for each other by spinning, which takes many times the work itself where other
    // processes want the cores too, and the tensors of the tests are too small to share.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no Main of its own.")]
    internal static void LoadTorch()
    {
        // Tests build networks and let them go: in huge pages the kernel hands out the weights of most of them at once, where it
        // cleared them by pages of 4 KiB for a third of the time that such a test takes. libtorch reads it at its first tensor.
        if (OperatingSystem.IsLinux())
            NativeEnvironment.Set("THP_MEM_ALLOC_ENABLE", "1");
        TorchSettings.SetThreads(1);
    }
}
