using FreezeBench.Torch.Loading;

namespace FreezeBench.Torch.Hardware;

/// <summary>
/// Apple's GPUs (Metal Performance Shaders), as libtorch tells of them: TorchSharp takes every Mac with Apple silicon for one that has
/// them, and has no function that waits for them. Never run on one.
/// </summary>
/// <remarks>They have no float64.</remarks>
internal static unsafe class Mps
{
    private const string Available = "_ZN5torch3mps12is_availableEv";
    private const string Wait = "_ZN5torch3mps11synchronizeEv";

    /// <summary>Whether libtorch can use one here, by its own word. It must be loaded.</summary>
    /// <returns>False too where it does not export what is needed to ask it and to wait for the GPU.</returns>
    internal static bool IsAvailable => ExportedSymbol.TryFind(Available) is { } available && ExportedSymbol.TryFind(Wait) is not null
        && ((delegate* unmanaged[Cdecl]<byte>)available)() != 0;

    /// <summary>Waits until all work issued so far is done. Only where one is available: elsewhere libtorch's exception would end the process.</summary>
    internal static void Synchronise() =>
        ((delegate* unmanaged[Cdecl]<void>)ExportedSymbol.Find(Wait, "Waiting for an Apple GPU", "Pass ‹the device› cpu."))();
}
