using System.Runtime.InteropServices;

namespace FreezeBench.Torch.Loading;

/// <summary>
/// Functions of libtorch that TorchSharp does not pass on, found by the C++ names under which libtorch exports them. The names
/// used here are those of libtorch 2.10 as compilers on Linux and macOS spell them; Windows spells them otherwise.
/// </summary>
internal static class ExportedSymbol
{
    /// <summary>Address of an exported symbol of the libtorch that is loaded.</summary>
    /// <param name="name">As the file has it.</param>
    /// <param name="wish">What the user asked for, at the start of a sentence: <c>‹Determinism›</c>.</param>
    /// <param name="remedy">What to do without it; a sentence.</param>
    /// <exception cref="RefusedException">There is none of the name.</exception>
    internal static nint Find(string name, string wish, string remedy) => TryFind(name)
        ?? throw new RefusedException($"{wish} needs the symbol {name} of {NativePlatform.Current().FileName("torch_cpu")}, and this libtorch ({TorchLibrary.Version}) "
            + $"does not export it: it is known from libtorch 2.10 on Linux and macOS. {remedy}");

    /// <summary>Address of an exported symbol of the libtorch that is loaded; null: there is none of the name.</summary>
    /// <param name="name">As the file has it.</param>
    internal static nint? TryFind(string name)
    {
        TorchLibrary.Load();
        // The very file that TorchLibrary has loaded: the system hands out the same library again, not a second one.
        return NativeLibrary.TryLoad(TorchLibrary.LibtorchCpu(NativePlatform.Current()), out var library)
            && NativeLibrary.TryGetExport(library, name, out var address)
            ? address
            : null;
    }

    /// <summary>libtorch's object for settings of the process.</summary>
    /// <inheritdoc cref="Find"/>
    internal static unsafe nint GlobalContext(string wish, string remedy) =>
        ((delegate* unmanaged[Cdecl]<nint>)Find("_ZN2at13globalContextEv", wish, remedy))();
}
