using System.Runtime.InteropServices;
using FreezeBench.Torch.Loading;
using TorchSharp;

namespace FreezeBench.Torch.Hardware;

/// <summary>What decides whether a GPU can be used; made up in tests, which have none.</summary>
/// <param name="Built">Whether the program was built for CUDA.</param>
/// <param name="Available">Whether libtorch can use CUDA on this machine.</param>
/// <param name="Count">How many devices libtorch sees.</param>
/// <param name="ComputeCapability">Of the device of this index; null where it is unknown, which rules nothing out.</param>
public sealed record CudaFacts(bool Built, bool Available, int Count, Func<int, (int Major, int Minor)?> ComputeCapability)
{
    /// <summary>Whether the machine has NVIDIA's driver library; used to say what is wrong.</summary>
    public bool DriverFound { get; init; } = true;

    /// <summary>Whether libtorch can use an Apple GPU; asked only where one is to be used.</summary>
    public Func<bool> MpsAvailable { get; init; } = () => false;

    /// <summary>Asks libtorch, which must be loaded, and the system's loader for the driver.</summary>
    /// <param name="computeCapability">Asks the driver (libtorch cannot be asked); null: unknown for every device.</param>
    public static CudaFacts OfThisMachine(Func<int, (int Major, int Minor)?>? computeCapability = null)
    {
        // A CPU build is not asked: TorchSharp would look for a CUDA library that is not there.
        var available = TorchBuild.ForCuda && torch.cuda.is_available();
        return new(TorchBuild.ForCuda, available, available ? torch.cuda.device_count() : 0, computeCapability ?? (_ => null))
        {
            DriverFound = NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _),
            MpsAvailable = () => Mps.IsAvailable,
        };
    }
}
