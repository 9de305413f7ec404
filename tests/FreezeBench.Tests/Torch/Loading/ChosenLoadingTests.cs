using FreezeBench.Torch;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

/// <summary>The loader with a libtorch that the user names, and a system that only writes down what it is asked for.</summary>
public class ChosenLoadingTests
{
    private static readonly string[] all = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    private readonly List<string> loaded = [];

    [Fact]
    public void TheUsersLibraries_AreLoaded_AndTheProgramsOwnAreNot()
    {
        using var libtorch = new ForeignLibtorch().WithReal(all);
        Load(libtorch, _ => null);

        Assert.Equal([.. all.Select(libtorch.PathOf), "alias", NativeFolder.RealLibraryPath], loaded);
    }

    [Fact]
    public void LibrariesOfCuda_AreLoadedBeforeThatWhichNeedsThem_WhereverTheirPackageHasThem()
    {
        using var libtorch = new ForeignLibtorch().WithReal(all).With("torch/lib/libtorch_cuda.so", "").With("nvidia/cu13/lib/libcublas.so.13", "").With("nvidia/cu13/lib/libcublasLt.so.13", "");
        var cublas = Path.GetFullPath(Path.Combine(libtorch.Folder, "../../nvidia/cu13/lib/libcublas.so.13"));
        var cublasLt = Path.GetFullPath(Path.Combine(libtorch.Folder, "../../nvidia/cu13/lib/libcublasLt.so.13"));
        Load(libtorch, path => Path.GetFileName(path) switch
        {
            "libtorch_cuda.so" when !loaded.Contains(cublas) => "libcublas.so.13: cannot open shared object file: No such file or directory",
            "libcublas.so.13" when !loaded.Contains(cublasLt) => "libcublasLt.so.13: cannot open shared object file: No such file or directory",
            _ => null,
        }, "cuda");

        Assert.Equal([.. all[..2].Select(libtorch.PathOf), cublasLt, cublas, libtorch.PathOf("libtorch_cuda.so"), libtorch.PathOf("libtorch.so")], loaded.Take(6));
    }

    [Fact]
    public void WhatIsNowhere_IsNamed_WithTheFoldersThatWereSearched()
    {
        using var libtorch = new ForeignLibtorch().WithReal(all).With("torch/lib/libtorch_cuda.so", "");
        var message = Assert.Throws<RefusedException>(() => Load(libtorch, path => path.EndsWith("libtorch_cuda.so", StringComparison.Ordinal) ? "libcudart.so.13: cannot open shared object file: No such file or directory" : null, "cuda")).Message;

        Assert.Equal(
            "libtorch does not load: libtorch_cuda.so: libcudart.so.13: cannot open shared object file: No such file or directory\n"
            + $"It is the libtorch of FREEZEBENCH_LIBTORCH; what it needs was looked for in {libtorch.Folder} too.", message);
    }

    [Fact]
    public void Alias_GoesByTheNameThatDotnetTriesFirst_AndIsOtherwiseTheSame()
    {
        using var libtorch = new ForeignLibtorch().WithReal(all);
        var original = File.ReadAllBytes(libtorch.PathOf("libtorch.so"));
        var alias = LibraryAlias.Of(original, "libtorch_cpu.so");

        Assert.NotNull(alias);
        File.WriteAllBytes(libtorch.PathOf("alias"), alias);
        Assert.Equal("torch_cpu.so", ElfDynamic.Read(libtorch.PathOf("alias")).Name);
        Assert.Equal(ElfDynamic.Read(libtorch.PathOf("libtorch.so")).Needed, ElfDynamic.Read(libtorch.PathOf("alias")).Needed);
        Assert.InRange(original.Zip(alias).Count(pair => pair.First != pair.Second), 1, sizeof(ulong));
        Assert.Null(LibraryAlias.Of(original, "libtorch_cuda.so"));
        Assert.Throws<InvalidDataException>(() => LibraryAlias.Of(original[..100], "libtorch_cpu.so"));
    }

    [Fact]
    public void LoadedLibraries_AreCountedByTheirPaths() => Assert.Equal(
        ["/a/libtorch_cpu.so", "/b b/libtorch_cpu.so"],
        LoadedLibraries.Of("libtorch_cpu.so", [
            "7f00-7f01 r-xp 00000000 08:01 1 /b b/libtorch_cpu.so", "7f01-7f02 r--p 00001000 08:01 1 /b b/libtorch_cpu.so", "7f03-7f04 rw-p 00000000 00:00 0 ",
            "7f05-7f06 r-xp 00000000 08:01 2 /a/libtorch_cpu.so", "7f07-7f08 r-xp 00000000 08:01 2 /a/libtorch_cpu.so.2",
        ]));

    private void Load(ForeignLibtorch libtorch, Func<string, string?> answer, string backend = "cpu") =>
        new TorchLoader(ForeignLibtorch.Linux, AppContext.BaseDirectory, backend, path =>
        {
            var reason = answer(path);
            if (reason is null)
                loaded.Add(path.StartsWith("/proc/", StringComparison.Ordinal) ? "alias" : Path.GetFullPath(path));
            return reason;
        }, libtorch.Chosen).Load();
}
