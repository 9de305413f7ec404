using System.Runtime.InteropServices;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

/// <summary>
/// The packages' libraries come before any of the same names that the system would find first. LD_LIBRARY_PATH is read when a process
/// starts; a library's own RUNPATH leads the loader to the foreign ones here just as well.
/// </summary>
public sealed class LibraryOrderTests : IDisposable
{
    private static readonly NativePlatform linux = NativePlatform.For("linux", Architecture.X64);

    private readonly StubLibraries stubs = new();
    private delegate int Asked(int which);

    private readonly string own;
    private readonly string foreign;

    public LibraryOrderTests() => (own, foreign) = (stubs.Folder("own"), stubs.Folder("foreign"));

    public void Dispose() => stubs.Dispose();

    [Fact]
    public void ForeignCudnn_DoesNotWin_NorOneOfItsParts_NorNvrtcsBuiltins()
    {
        var search = $"-Wl,-rpath,{foreign}";
        foreach (var (folder, number) in new[] { (foreign, 1), (own, 2) })
        {
            stubs.Compile(Path.Combine(folder, "libcudnn_ops.so.9"), $"int cudnn_ops(void) {{ return {number}; }}", "libcudnn_ops.so.9");
            stubs.Compile(Path.Combine(folder, "libcudnn.so.9"), $$"""
                #include <dlfcn.h>
                int cudnn(void) { return {{number}}; }
                int cudnn_part(void) { void *part = dlopen("libcudnn_ops.so.9", RTLD_NOW); return part ? ((int (*)(void))dlsym(part, "cudnn_ops"))() : 0; }
                """, "libcudnn.so.9", search, "-ldl", "-lc");
        }
        // The package has the file without a version in its name.
        stubs.Compile(Path.Combine(own, "libnvrtc-builtins.so"), "int builtins(void) { return 2; }", "libnvrtc-builtins.so.12.8");
        stubs.Compile(Path.Combine(foreign, "libnvrtc-builtins.so.12.8"), "int builtins(void) { return 1; }", "libnvrtc-builtins.so.12.8");
        var torch = stubs.Compile(Path.Combine(own, "libtorch_cuda.so"), """
            #include <dlfcn.h>
            int cudnn(void); int cudnn_part(void);
            int asked(int which)
            {
                void *builtins;
                if (which < 2) return which == 0 ? cudnn() : cudnn_part();
                builtins = dlopen("libnvrtc-builtins.so.12.8", RTLD_NOW);
                return builtins ? ((int (*)(void))dlsym(builtins, "builtins"))() : 0;
            }
            """, "libtorch_cuda.so", $"-L{own}", "-l:libcudnn.so.9", search, "-ldl", "-lc");

        foreach (var (path, _) in new LibraryOrder(linux, [own]).Find())
            NativeLibrary.Load(path);

        var asked = Marshal.GetDelegateForFunctionPointer<Asked>(NativeLibrary.GetExport(NativeLibrary.Load(torch), "asked"));
        Assert.Equal([2, 2, 2], new[] { asked(0), asked(1), asked(2) });
    }

    [Fact]
    public void Libraries_ComeAfterThoseThatTheyNeed_EachOnce()
    {
        void Stub(string file, params string[] needs) =>
            stubs.Compile(Path.Combine(own, file), "", file, [.. StubLibraries.Needing(needs.Select(need => Path.Combine(own, need))), "-lc"]);
        Stub("libcudart-c3a75b33.so.12");
        Stub("libc10.so");
        Stub("libc10_cuda.so", "libc10.so", "libcudart-c3a75b33.so.12");
        Stub("libcublasLt-10b5e663.so.12");
        Stub("libcublas-031ce6c2.so.12", "libcublasLt-10b5e663.so.12");
        Stub("libcudnn_graph.so.9");
        Stub("libcudnn_adv.so.9", "libcudnn_graph.so.9", "libcublas-031ce6c2.so.12");
        Stub("libcudnn.so.9");
        Stub("libnvrtc-2bb82d1a.so.12");
        // What is opened on demand, of which the machine may lack what it needs, is not opened before.
        Stub("libcufile_rdma-5257f22c.so.1");
        Stub("libtorch_cpu.so", "libc10.so");
        Stub("libtorch_cuda.so", "libc10_cuda.so", "libtorch_cpu.so", "libcudnn.so.9", "libcublas-031ce6c2.so.12");
        Stub("libtorch.so", "libtorch_cpu.so", "libtorch_cuda.so");

        Assert.Equal(
            [
                ("libc10.so", true), ("libtorch_cpu.so", true), ("libnvrtc-2bb82d1a.so.12", false), ("libcudnn.so.9", true), ("libcudnn_graph.so.9", false),
                ("libcublasLt-10b5e663.so.12", true), ("libcublas-031ce6c2.so.12", true), ("libcudnn_adv.so.9", false), ("libcudart-c3a75b33.so.12", true), ("libc10_cuda.so", true),
                ("libtorch_cuda.so", true), ("libtorch.so", true),
            ],
            new LibraryOrder(linux, [own]).Find().Select(library => (Path.GetFileName(library.Path), library.Required)));
        Assert.Equal(["libc10.so", "libcudart-c3a75b33.so.12", "libc.so.6"], ElfDynamic.NeededBy(Path.Combine(own, "libc10_cuda.so")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MZ, and nothing that an ELF file begins with, but long enough to hold the header of one.")]
    public void WhatIsNoElfFile_IsRefused(string text)
    {
        var path = Path.Combine(own, "no.so");
        File.WriteAllText(path, text);
        Assert.Throws<InvalidDataException>(() => ElfDynamic.NeededBy(path));
    }

    [Fact]
    public void TruncatedFile_IsRefused()
    {
        var path = stubs.Compile(Path.Combine(own, "whole.so"), "int whole;", "whole.so");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..200]);
        Assert.Contains("truncated", Assert.Throws<InvalidDataException>(() => ElfDynamic.NeededBy(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NvidiasOrder_IsThatOfTheBus_ForThisProcessAndItsChildren_UnlessSomebodyHasChosen()
    {
        const string name = "CUDA_DEVICE_ORDER";
        var before = (Native: NativeEnvironment.Get(name), Managed: Environment.GetEnvironmentVariable(name));
        try
        {
            // Empty counts as nothing: .NET has no way to take a native variable away.
            NativeEnvironment.Set(name, "");
            CudaOrder.Settle();
            Assert.Equal(("PCI_BUS_ID", "PCI_BUS_ID"), (NativeEnvironment.Get(name), Environment.GetEnvironmentVariable(name)));
            NativeEnvironment.Set(name, "FASTEST_FIRST");
            CudaOrder.Settle();
            Assert.Equal(("FASTEST_FIRST", "FASTEST_FIRST"), (NativeEnvironment.Get(name), Environment.GetEnvironmentVariable(name)));
        }
        finally
        {
            NativeEnvironment.Set(name, before.Native ?? "");
            Environment.SetEnvironmentVariable(name, before.Managed);
        }
    }
}
