using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using FreezeBench.Torch;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch;

/// <summary>A program folder in a temporary place, with stand-ins for libtorch and a copy of the real library to cure.</summary>
internal sealed class NativeFolder : IDisposable
{
    private const string MissingVersion = "/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by it)";

    private static readonly NativePlatform linux = NativePlatform.For("linux", Architecture.X64);

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

    public static string RealLibraryPath =>
        Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    public string Native => Path.Combine(root, "bin", "runtimes", "linux-x64", "native");

    public string Shim => Path.Combine(Native, "libLibTorchSharp.so");

    /// <summary>Every path that the system was asked to load, in order.</summary>
    public ConcurrentQueue<string> Loaded { get; } = [];

    /// <summary>Loads with a system that answers by <paramref name="answer"/>: null for loaded, else its words.</summary>
    public void Load(Func<string, string?> answer, string backend = "cpu") =>
        new TorchLoader(linux, Path.Combine(root, "bin"), backend, path =>
        {
            Loaded.Enqueue(path);
            return answer(path);
        }).Load();

    /// <summary>The message of a load that must fail.</summary>
    public string Refusal(Func<string, string?> answer, string backend = "cpu") =>
        Assert.Throws<RefusedException>(() => Load(answer, backend)).Message;

    /// <summary>A system without the one version: the shipped library does not load, a copy elsewhere does.</summary>
    public string? OldSystem(string path) => path == Shim ? MissingVersion : null;

    public void Dispose() => Directory.Delete(root, recursive: true);
}
