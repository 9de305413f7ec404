using System.Runtime.InteropServices;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

/// <summary>
/// Folders as pip makes them of PyTorch 2.10 and 2.11 for CUDA 12.8 and 13.0, of stand-ins: torch/lib with libtorch alone, CUDA in packages of NVIDIA's beside it. The names, who
/// needs whom and the search paths are those of the wheels (.ci/manywheel/build_cuda.sh of pytorch/pytorch: DT_RPATH).
/// </summary>
public sealed class PipLayoutTests : IDisposable
{
    private static readonly NativePlatform linux = NativePlatform.For("linux", Architecture.X64);

    // What libtorch names for CUDA 12 and for CUDA 13; nvJitLink's package is in neither.
    private static readonly string[] ofBoth = ["cudnn", "nvshmem", "nccl", "cusparselt"];
    private static readonly string[] of12 = [.. ofBoth, "cublas", "cuda_cupti", "cuda_nvrtc", "cuda_runtime", "cufft", "curand", "cusolver", "cusparse", "nvtx", "cufile"];
    private static readonly string[] of13 = [.. ofBoth, "cu13"];

    private readonly StubLibraries stubs = new();
    private readonly string packages;
    private readonly string foreign;

    private delegate int Asked();

    public PipLayoutTests() => (packages, foreign) = (stubs.Folder("site-packages"), stubs.Folder("foreign"));

    public void Dispose() => stubs.Dispose();

    [Fact]
    public void Cuda12_IsLoadedByPath_PackageByPackage_EachAfterWhatItNeeds()
    {
        MakeCuda12();
        MakeTorch(of12, "libcublas.so.12", "libcudart.so.12", "libcusparse.so.12", "libcusolver.so.11", "libcudnn.so.9", "libcurand.so.10", "libnvrtc.so.12");

        Assert.Equal(
            [
                "torch/lib/libgomp-24e2ab19.so.1", "torch/lib/libc10.so", "nvidia/cuda_runtime/lib/libcudart.so.12", "torch/lib/libtorch_cpu.so",
                "nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.8", "nvidia/cuda_nvrtc/lib/libnvrtc.so.12",
                "nvidia/cudnn/lib/libcudnn.so.9", "nvidia/cublas/lib/libcublasLt.so.12", "nvidia/cublas/lib/libcublas.so.12", "nvidia/cudnn/lib/libcudnn_adv.so.9",
                "torch/lib/libcaffe2_nvrtc.so", "torch/lib/libc10_cuda.so",
                "nvidia/nvjitlink/lib/libnvJitLink.so.12", "nvidia/cusparse/lib/libcusparse.so.12", "nvidia/cusolver/lib/libcusolver.so.11", "nvidia/curand/lib/libcurand.so.10",
                "torch/lib/libtorch_cuda.so", "torch/lib/libtorch.so",
            ],
            Order().Select(one => one.Path));
        Assert.Equal(["libnvrtc-builtins.so.12.8", "libnvrtc.so.12", "libcudnn_adv.so.9", "libcaffe2_nvrtc.so"], Order().Where(one => !one.Required).Select(one => Path.GetFileName(one.Path)));
    }

    [Fact]
    public void Cuda13_IsTakenFromItsOnePackage_WhateverCuda12LeftBesideIt()
    {
        MakeCuda12();
        MakeCuda13();
        MakeTorch(of13, "libcublas.so.13", "libcudart.so.13", "libcusparse.so.12", "libcusolver.so.12", "libcudnn.so.9", "libcurand.so.10", "libnvrtc.so.13");

        Assert.Equal(
            [
                "cu13/lib/libcudart.so.13", "cu13/lib/libnvrtc-builtins.so.13.0", "cu13/lib/libnvrtc.so.13", "cudnn/lib/libcudnn.so.9", "cu13/lib/libcublasLt.so.13", "cu13/lib/libcublas.so.13",
                "cudnn/lib/libcudnn_adv.so.9", "cu13/lib/libnvJitLink.so.13", "cu13/lib/libcusparse.so.12", "cu13/lib/libcusolver.so.12", "cu13/lib/libcurand.so.10",
            ],
            Order().Where(one => one.Path.StartsWith("nvidia/", StringComparison.Ordinal)).Select(one => one.Path["nvidia/".Length..]));
    }

    [Fact]
    public void Cuda12_IsTakenFromItsPackages_WhereCuda13IsThereToo()
    {
        MakeCuda13();
        MakeCuda12();
        MakeTorch(of12, "libcublas.so.12", "libcudart.so.12", "libcusparse.so.12", "libcusolver.so.11", "libcudnn.so.9", "libcurand.so.10", "libnvrtc.so.12");

        Assert.DoesNotContain(Order(), one => one.Path.Contains("/cu13/", StringComparison.Ordinal));
    }

    // NVIDIA's libraries look for each other in LD_LIBRARY_PATH first. It is read when a process starts; here the foreign folder is in the library's own search path.
    [Fact]
    public void NvJitLinkOfAnotherCuda_DoesNotWin()
    {
        MakeCuda12();
        foreach (var (file, number) in new[] { (Path.Combine(foreign, "libnvJitLink.so.12"), 1), (PathOf("nvjitlink", "libnvJitLink.so.12"), 2) })
            stubs.Compile(file, $"int jitlink(void) {{ return {number}; }}", "libnvJitLink.so.12");
        stubs.Compile(PathOf("cusparse", "libcusparse.so.12"), "int jitlink(void); int asked(void) { return jitlink(); }", "libcusparse.so.12",
            [$"-Wl,-rpath,{foreign}:$ORIGIN:$ORIGIN/../../nvjitlink/lib", .. StubLibraries.Needing([PathOf("nvjitlink", "libnvJitLink.so.12")])]);
        var torch = MakeTorch(of12, "libcusparse.so.12");

        foreach (var (path, required) in new LibraryOrder(linux, new ChosenLibtorch(Path.Combine(packages, "torch/lib")).LibraryFolders).Find())
            if (required)
                NativeLibrary.Load(path);

        Assert.True(NativeLibrary.TryLoad(torch, out _));
        var cusparse = NativeLibrary.Load(PathOf("cusparse", "libcusparse.so.12"));
        Assert.Equal(2, Marshal.GetDelegateForFunctionPointer<Asked>(NativeLibrary.GetExport(cusparse, "asked"))());
    }

    [Fact]
    public void FolderThatIsALink_LeadsToThePackagesToo()
    {
        MakeCuda13();
        MakeTorch(of13, "libcusparse.so.12");
        var link = Path.Combine(foreign, "torch");
        Directory.CreateSymbolicLink(link, Path.Combine(packages, "torch/lib"));

        Assert.Equal([link, Path.Combine(packages, "nvidia/cudnn/lib"), Path.Combine(packages, "nvidia/cu13/lib")], new ChosenLibtorch(link).LibraryFolders);
    }

    private List<(string Path, bool Required)> Order() =>
        [.. new LibraryOrder(linux, new ChosenLibtorch(Path.Combine(packages, "torch/lib")).LibraryFolders).Find().Select(one => (Path.GetRelativePath(packages, one.Path), one.Required))];

    private void MakeCuda12()
    {
        Package("cuda_runtime", "libcudart.so.12");
        Package("cublas", "libcublasLt.so.12");
        Package("cublas", "libcublas.so.12", ["libcublasLt.so.12"]);
        Package("cudnn", "libcudnn.so.9");
        Package("cudnn", "libcudnn_adv.so.9", ["libcublas.so.12"], ["cublas"]);
        Package("nvjitlink", "libnvJitLink.so.12");
        Package("cusparse", "libcusparse.so.12", ["libnvJitLink.so.12"], ["nvjitlink"]);
        Package("cusolver", "libcusolver.so.11", ["libcusparse.so.12"], ["cusparse"]);
        Package("curand", "libcurand.so.10");
        foreach (var file in new[] { "libnvrtc.so.12", "libnvrtc.alt.so.12", "libnvrtc-builtins.so.12.8", "libnvrtc-builtins.alt.so.12.8" })
            Package("cuda_nvrtc", file);
    }

    private void MakeCuda13()
    {
        foreach (var file in new[] { "libcudart.so.13", "libcublasLt.so.13", "libcurand.so.10", "libnvJitLink.so.13", "libnvrtc.so.13", "libnvrtc.alt.so.13", "libnvrtc-builtins.so.13.0" })
            Package("cu13", file);
        Package("cu13", "libcublas.so.13", ["libcublasLt.so.13"]);
        Package("cu13", "libcusparse.so.12", ["libnvJitLink.so.13"]);
        Package("cu13", "libcusolver.so.12", ["libcusparse.so.12"]);
        // Of either CUDA it is one package, of which the newer takes the place.
        Package("cudnn", "libcudnn.so.9");
        Package("cudnn", "libcudnn_adv.so.9", ["libcublas.so.13"], ["cu13"]);
    }

    private string MakeTorch(string[] named, params string[] ofCuda)
    {
        // The old kind of search path, which comes before LD_LIBRARY_PATH, as the wheels have it.
        var search = $"{string.Join(':', named.Select(package => $"$ORIGIN/../../nvidia/{package}/lib"))}:$ORIGIN";
        var lib = Directory.CreateDirectory(Path.Combine(packages, "torch/lib")).FullName;
        string Make(string file, params string[] needs) => stubs.Put(Path.Combine(lib, file), file, search, needs.Select(need => First(need, [lib, .. named.Select(Lib)])), "-Wl,--disable-new-dtags");
        string[] runtime = [.. ofCuda.Where(file => file.StartsWith("libcudart", StringComparison.Ordinal))], nvrtc = [.. ofCuda.Where(file => file.StartsWith("libnvrtc", StringComparison.Ordinal))];
        Make("libgomp-24e2ab19.so.1");
        Make("libc10.so");
        Make("libtorch_cpu.so", ["libc10.so", .. runtime]);
        Make("libcaffe2_nvrtc.so", nvrtc);
        Make("libc10_cuda.so", ["libc10.so", .. runtime]);
        var cuda = Make("libtorch_cuda.so", ["libc10_cuda.so", "libtorch_cpu.so", .. ofCuda.Except(nvrtc)]);
        Make("libtorch.so", "libtorch_cpu.so", "libtorch_cuda.so");
        return cuda;
    }

    private void Package(string package, string file, string[]? needs = null, string[]? from = null)
    {
        Directory.CreateDirectory(Lib(package));
        stubs.Put(PathOf(package, file), file, $"$ORIGIN{string.Concat((from ?? []).Select(other => $":$ORIGIN/../../{other}/lib"))}",
            (needs ?? []).Select(need => First(need, [Lib(package), .. (from ?? []).Select(Lib)])));
    }

    private string Lib(string package) => Path.Combine(packages, "nvidia", package, "lib");

    private string PathOf(string package, string file) => Path.Combine(Lib(package), file);

    private static string First(string file, string[] folders) => folders.Select(folder => Path.Combine(folder, file)).First(File.Exists);
}
