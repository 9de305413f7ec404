using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FreezeBench.Native;

namespace FreezeBench.Tests;

internal static class ModuleInit
{
    // A test that uses torch before any type of FreezeBench would meet TorchSharp's own look-up, which fails on Debian 12.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test assembly has no Main of its own.")]
    internal static void LoadTorch() => TorchLibrary.Load();
}
