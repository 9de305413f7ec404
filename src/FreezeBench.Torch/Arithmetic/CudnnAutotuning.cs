using FreezeBench.Torch.Loading;
using TorchSharp;

namespace FreezeBench.Torch.Arithmetic;

/// <summary>
/// Whether cuDNN times its algorithms on the first convolution of each shape and keeps the fastest: PyTorch's
/// <c>torch.backends.cudnn.benchmark</c>, which TorchSharp does not have.
/// </summary>
/// <remarks>
/// The timing is in the first steps of each shape, which are warm-up in a benchmark. Which algorithm wins can differ from run to
/// run, and with it the last bits: <see cref="Determinism"/> excludes it. That the switch arrives in libtorch was seen on a CPU;
/// what it does on a GPU was never seen.
/// </remarks>
public static unsafe class CudnnAutotuning
{
    private const string Setter = "_ZN2at7Context17setBenchmarkCuDNNEb";
    private const string Getter = "_ZNK2at7Context14benchmarkCuDNNEv";
    private const string Wish = "cuDNN autotuning";
    private const string Remedy = "Run with ‹no cuDNN autotuning›.";

    /// <summary>Sets the switch and reads it back; on the CPU there is nothing to set.</summary>
    /// <param name="device">Of the run.</param>
    /// <param name="on">What is asked for.</param>
    /// <returns>
    /// What libtorch says afterwards; null on the CPU, and where it cannot be asked: it is off then, as libtorch begins.
    /// </returns>
    /// <exception cref="RefusedException">It is to be on, and this libtorch does not export the switch.</exception>
    public static bool? Apply(DeviceType device, bool on)
    {
        if (device != DeviceType.CUDA)
            return null;
        try
        {
            Set(on);
            return Enabled;
        }
        catch (RefusedException) when (!on)
        {
            return null;
        }
    }

    /// <summary>What libtorch says.</summary>
    /// <exception cref="RefusedException">This libtorch does not export the switch.</exception>
    internal static bool Enabled =>
        ((delegate* unmanaged[Cdecl]<nint, byte>)ExportedSymbol.Find(Getter, Wish, Remedy))(ExportedSymbol.GlobalContext(Wish, Remedy)) != 0;

    /// <summary>Sets the switch whatever the device is.</summary>
    /// <inheritdoc cref="Enabled"/>
    internal static void Set(bool on) =>
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)ExportedSymbol.Find(Setter, Wish, Remedy))(ExportedSymbol.GlobalContext(Wish, Remedy), (byte)(on ? 1 : 0));
}
