using System.Runtime.InteropServices;
using FreezeBench.Torch;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public class TorchLoaderTests
{
    public TorchLoaderTests() =>
        Assert.SkipUnless(File.Exists(NativeFolder.RealLibraryPath), "TorchSharp's Linux library is not in this output folder.");

    [Fact]
    public void NewSystem_LoadsTheShippedLibrary_AndWritesNothing()
    {
        using var folder = new NativeFolder();
        folder.Load(_ => null);

        Assert.Equal(
            ["libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so", "libtorch.so", "libLibTorchSharp.so"],
            folder.Loaded.Select(Path.GetFileName));
    }

    [Fact]
    public void CudaBuild_LoadsTheCudaLibrariesToo()
    {
        using var folder = new NativeFolder();
        File.WriteAllText(Path.Combine(folder.Native, "libc10_cuda.so"), "");
        File.WriteAllText(Path.Combine(folder.Native, "libtorch_cuda.so"), "");
        folder.Load(folder.OldSystem, "cuda");

        Assert.Equal(
            ["libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so", "libLibTorchSharp.so"],
            folder.Loaded.Skip(2).SkipLast(1).Select(Path.GetFileName));
    }

    [Fact]
    public void OldSystem_LoadsACuredCopy_OfMemory_AndLeavesTheShippedLibraryAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The cure is Linux's.");
        using var folder = new NativeFolder();
        byte[]? loaded = null;
        folder.Load(path => folder.OldSystem(path) ?? Seen(path, ref loaded));

        Assert.StartsWith("/proc/self/fd/", folder.Loaded.Last(), StringComparison.Ordinal);
        Assert.Equal(GlibcxxCure.Apply(NativeFolder.RealLibrary), loaded);
        Assert.Equal(NativeFolder.RealLibrary, File.ReadAllBytes(folder.Shim));
    }

    [Fact]
    public void WhereMemoryMayNotBeExecuted_ItIsAFileOfNobodyElse_ThatIsGoneBeforeItIsLoaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The cure is Linux's.");
        using var folder = new NativeFolder();
        var before = Directory.GetDirectories(Path.GetTempPath(), "freezebench-*").ToHashSet();
        byte[]? loaded = null;
        string? target = null;
        folder.Load(path =>
        {
            if (folder.OldSystem(path) is { } missing)
                return missing;
            if (!path.StartsWith("/proc/", StringComparison.Ordinal))
                return null;
            target = File.ResolveLinkTarget(path, returnFinalTarget: false)!.FullName;
            return target.Contains("memfd:", StringComparison.Ordinal) ? "Operation not permitted" : Seen(path, ref loaded);
        });
        Assert.Equal(GlibcxxCure.Apply(NativeFolder.RealLibrary), loaded);
        Assert.EndsWith("(deleted)", target, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetTempPath(), "freezebench-*"), made => !before.Contains(made) && File.Exists(Path.Combine(made, "libLibTorchSharp.so")));
    }

    [Fact]
    public void FilesThatOthersPlanted_AreNeverLoaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The cure is Linux's.");
        using var folder = new NativeFolder();
        folder.Load(folder.OldSystem);
        // What is loaded is the program's own files and descriptors of this process; no folder that is written in between is among them.
        Assert.All(folder.Loaded, path => Assert.True(path.StartsWith(folder.Native, StringComparison.Ordinal) || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal), path));
    }

    private static string? Seen(string path, ref byte[]? loaded)
    {
        if (path.StartsWith("/proc/", StringComparison.Ordinal))
            loaded = File.ReadAllBytes(path);
        return null;
    }

    [Fact]
    public void AnotherMissingVersion_IsSaid_AndNotCured()
    {
        using var folder = new NativeFolder();
        var message = folder.Refusal(
            path => path == folder.Shim ? "/lib/libc.so.6: version `GLIBC_2.34' not found" : null);

        Assert.Equal(
            "libLibTorchSharp.so of TorchSharp does not load: /lib/libc.so.6: version `GLIBC_2.34' not found\n"
            + "It needs glibc 2.34 and GCC 12's libstdc++ or newer (Debian 12, Ubuntu 22.04), and a place from which libraries may "
            + "be loaded: set TMPDIR to a folder that is not mounted noexec.", message);
    }

    [Fact]
    public void AnotherVersionMissingAfterTheCure_IsSaid()
    {
        using var folder = new NativeFolder();
        var message = folder.Refusal(path =>
            folder.OldSystem(path) ?? (path.StartsWith("/proc/", StringComparison.Ordinal) ? "version `GLIBCXX_3.4.30' not found" : null));

        Assert.Contains("does not load: version `GLIBCXX_3.4.30' not found", message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingLibrary_IsNamed_WithTheBuildToRun()
    {
        using var folder = new NativeFolder();
        File.Delete(folder.Shim);
        var message = folder.Refusal(_ => null);

        Assert.StartsWith("libLibTorchSharp.so is missing: looked in ", message, StringComparison.Ordinal);
        Assert.EndsWith("dotnet build -c Release -p:TorchBackend=cpu (README, Build).", message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingPackage_IsNamed()
    {
        using var folder = new NativeFolder();
        File.Delete(Path.Combine(folder.Native, "libtorch_cpu.so"));
        File.Delete(Path.Combine(folder.Native, "libtorch.so"));
        var message = folder.Refusal(_ => null);

        Assert.StartsWith("libtorch's package is missing or incomplete: no libtorch_cpu.so, libtorch.so in ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void CudaBuildWithoutCudaLibraries_IsRefused()
    {
        using var folder = new NativeFolder();
        var message = folder.Refusal(_ => null, "cuda");

        Assert.StartsWith("libtorch's package is missing or incomplete: no libtorch_cuda.so in ", message, StringComparison.Ordinal);
        Assert.EndsWith("-p:TorchBackend=cuda (README, Build).", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LibtorchThatDoesNotLoad_IsSaid()
    {
        using var folder = new NativeFolder();
        var message = folder.Refusal(
            path => path.EndsWith("libc10.so", StringComparison.Ordinal) ? "file too short" : null);

        Assert.StartsWith("libtorch does not load: libc10.so: file too short\n", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LibraryForAnotherProcessor_IsRefused()
    {
        using var folder = new NativeFolder();
        var library = NativeFolder.RealLibrary;
        library[18] = 183;
        File.WriteAllBytes(folder.Shim, library);
        var message = folder.Refusal(_ => null);

        Assert.Contains("was compiled for another processor (ELF machine 183; linux-x64 is 62).", message, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedLibrary_IsNamed_WithTheFolderToDelete()
    {
        using var folder = new NativeFolder();
        File.WriteAllText(folder.Shim, "version https://git-lfs");
        var message = folder.Refusal(_ => null);

        Assert.EndsWith(
            "cannot be used: it is not an ELF file. Delete the folder torchsharp in NuGet's package cache and build again.",
            message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux", Architecture.Arm64, "linux-arm64")]
    [InlineData("linux", Architecture.X86, "linux-x86")]
    [InlineData("linux-musl", Architecture.X64, "linux-musl-x64")]
    [InlineData("osx", Architecture.X64, "osx-x64")]
    public void PlatformWithoutLibtorch_ListsTheSupportedOnes(string os, Architecture architecture, string rid)
    {
        var error = Assert.Throws<RefusedException>(() => NativePlatform.For(os, architecture));

        Assert.Equal(
            $"This process runs as {rid}, and libtorch has no build for that. Supported: linux-x64, win-x64, win-arm64, osx-arm64. "
            + "Run it with a .NET SDK for one of these.", error.Message);
    }
}
