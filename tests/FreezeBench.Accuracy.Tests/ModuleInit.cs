using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FreezeBench.Torch.Hardware;
using Xunit.Sdk;
using Xunit.v3;

// One class after the other: initial weights are drawn from torch's global generator, which has one state for the whole
// process, and two runs that began at once would take numbers from each other.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace FreezeBench.Accuracy.Tests;

internal static class ModuleInit
{
    // One thread: where other processes want the cores too, OpenMP's threads wait for each other longer than they work.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no Main of its own.")]
    internal static void LoadTorch()
    {
        TorchSettings.SetThreads(1);
        TinyNetworks.Add();
    }
}
