using FreezeBench.Native;

namespace FreezeBench.Tests.Native;

/// <summary>A program folder in a temporary place, with stand-ins for libtorch and a copy of the real library to cure.</summary>
internal sealed class NativeFolder : IDisposable
{
    public const string MissingVersion = "/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by libLibTorchSharp.so)";

    public static readonly NativePlatform Linux = NativePlatform.For("linux", System.Runtime.InteropServices.Architecture.X64);

    private readonly string root = Directory.CreateTempSubdirectory("freezebench-test-").FullName;

    public NativeFolder()
    {
        Directory.CreateDirectory(Native);
        foreach (var name in new[] { "libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so", "libtorch.so" })
            File.WriteAllText(Path.Combine(Native, name), "");
        File.WriteAllBytes(Shim, RealLibrary);
    }

    /// <summary>TorchSharp's library as the package ships it.</summary>
    public static byte[] RealLibrary => File.ReadAllBytes(RealLibraryPath);

    public static string RealLibraryPath => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    public string Native => Path.Combine(root, "bin", "runtimes", "linux-x64", "native");

    public string Shim => Path.Combine(Native, "libLibTorchSharp.so");

    public string Cache => Path.Combine(root, "cache");

    public List<string> Loaded { get; } = [];

    /// <summary>Loads with a system that answers by <paramref name="answer"/>: null for loaded, else its words.</summary>
    public void Load(Func<string, string?> answer, string backend = "cpu", string? cache = null) =>
        new TorchLoader(Linux, Path.Combine(root, "bin"), backend, cache ?? Cache, path =>
        {
            Loaded.Add(path);
            return answer(path);
        }).Load();

    /// <summary>A system without the one version: the shipped library does not load, a copy elsewhere does.</summary>
    public string? OldSystem(string path) => path == Shim ? MissingVersion : null;

    public void Dispose() => Directory.Delete(root, recursive: true);
}
