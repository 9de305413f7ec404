using System.Runtime.InteropServices;

namespace FreezeBench.Torch.Loading;

/// <summary>
/// Environment variables as native libraries see them. On Unix .NET keeps a copy of its own: what
/// <see cref="Environment.SetEnvironmentVariable(string, string)"/> sets, libtorch and CUDA never read.
/// </summary>
internal static unsafe class NativeEnvironment
{
    /// <summary>Sets a variable of this process, through the C runtime that the native libraries use.</summary>
    /// <exception cref="RefusedException">The C runtime has no such function, or refuses.</exception>
    public static void Set(string name, string value)
    {
        using var nameBytes = new NativeText(name);
        using var valueBytes = new NativeText(value);
        // Windows: every library there shares the universal C runtime's environment.
        var failed = OperatingSystem.IsWindows()
            ? ((delegate* unmanaged[Cdecl]<nint, nint, int>)Function("_putenv_s"))(nameBytes.Pointer, valueBytes.Pointer)
            : ((delegate* unmanaged[Cdecl]<nint, nint, int, int>)Function("setenv"))(nameBytes.Pointer, valueBytes.Pointer, 1);
        if (failed != 0)
            throw new RefusedException($"The environment variable {name} cannot be set in this process. Set it before the start: {name}={value}.");
    }

    /// <summary>Reads a variable as native code would; null: not set.</summary>
    public static string? Get(string name)
    {
        using var nameBytes = new NativeText(name);
        return Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<nint, nint>)Function("getenv"))(nameBytes.Pointer));
    }

    private static nint Function(string name)
    {
        var library = OperatingSystem.IsWindows() ? "ucrtbase" : OperatingSystem.IsMacOS() ? "libSystem.dylib" : "libc.so.6";
        return NativeLibrary.TryLoad(library, out var handle) && NativeLibrary.TryGetExport(handle, name, out var address)
            ? address
            : throw new RefusedException($"{library} has no function {name}, so environment variables cannot be set here. Set those that are asked for before the start.");
    }

    private readonly struct NativeText(string text) : IDisposable
    {
        public nint Pointer { get; } = Marshal.StringToCoTaskMemUTF8(text);

        public void Dispose() => Marshal.FreeCoTaskMem(Pointer);
    }
}
