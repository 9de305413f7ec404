using System.Text.RegularExpressions;
using FreezeBench.Faults;
using FreezeBench.Torch;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public class LibtorchFitTests
{
    private static readonly string[] all = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    [Fact]
    public void LibtorchOfThePackages_HasEverySymbolThatIsAskedFor()
    {
        using var libtorch = new ForeignLibtorch().WithReal(all);

        LibtorchFit.Check(libtorch.Chosen, NativeFolder.RealLibraryPath, ForeignLibtorch.Linux);
        var asking = ElfDynamic.Read(NativeFolder.RealLibraryPath);
        Assert.Equal("libLibTorchSharp.so", asking.Name);
        Assert.Superset(all.ToHashSet(), asking.Needed.ToHashSet());
        // Those of the C and C++ runtimes, which have versions, are not among them.
        Assert.InRange(asking.Asked.Count, 1000, 1500);
    }

    [Fact]
    public void AnotherVersion_IsRefused_WithItsVersionAndWhatIsMissing()
    {
        using var libtorch = new ForeignLibtorch().WithReal("libc10.so", "libtorch.so").WithMade("libtorch_cpu.so", "libtorch_cpu.so", "_ZN2at13globalContextEv")
            .With("torch/version.py", "__version__ = '2.11.0+cu130'\ndebug = False\n");

        var message = Refusal(libtorch);
        Assert.StartsWith($"The libtorch 2.11.0+cu130 in {libtorch.Folder} (FREEZEBENCH_LIBTORCH) does not fit TorchSharp, which was built for libtorch 2.10: of the 1204 symbols that TorchSharp's library calls it has not ", message, StringComparison.Ordinal);
        Assert.Matches(@"has not [0-9]+: _Z\w+, _Z\w+, _Z\w+, \.\.\.; of the 25 symbols that FreezeBench calls it has not 24: _ZN2at4_ops14_foreach_copy_\w+, ", message);
        Assert.EndsWith("Name the libtorch of a PyTorch 2.10 for x86-64, or unset the variable.", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    // A newer libtorch that has lost two functions: here it is TorchSharp's library that asks for two that never were. Made, since to read
    // what the real one exports takes longer than the rest.
    [Fact]
    public void FewMissingFunctions_AreAllNamed_AndMayBeLacking_WhereTheUserSaysSo()
    {
        using var libtorch = new ForeignLibtorch().WithMade("libc10.so", "libc10.so").WithMade("libtorch_cpu.so", "libtorch_cpu.so", [.. CalledSymbols.All]).WithMade("libtorch.so", "libtorch.so");
        using var stubs = new StubLibraries();
        var shim = stubs.Compile(
            Path.Combine(stubs.Folder("own"), "libLibTorchSharp.so"), "void _ZN2at6lost_aEv(void); void _ZN2at6lost_bEv(void); void call(void); void call(void) { _ZN2at6lost_aEv(); _ZN2at6lost_bEv(); }", "libLibTorchSharp.so",
            [.. StubLibraries.Needing(all.Select(libtorch.PathOf)), "-Wl,--unresolved-symbols=ignore-all"]);
        string Refused(string? lacks) => Assert.Throws<RefusedException>(() => LibtorchFit.Check(libtorch.Chosen, shim, ForeignLibtorch.Linux, lacks)).Message;

        var message = Refused(null);
        Assert.Contains("of the 2 symbols that TorchSharp's library calls it has not 2: _ZN2at6lost_aEv, _ZN2at6lost_bEv. ", message, StringComparison.Ordinal);
        Assert.EndsWith("What calls none of them works all the same, and what calls one is ended by the system: set FREEZEBENCH_LIBTORCH_LACKS=2 to try.", message, StringComparison.Ordinal);
        Assert.All(["1", "3", "", "two", "-2"], lacks => Assert.Equal(message, Refused(lacks)));
        LibtorchFit.Check(libtorch.Chosen, shim, ForeignLibtorch.Linux, "2");
    }

    [Fact]
    public void OldAbiOfCpp_IsNamed_InsteadOfThousandsOfSymbols()
    {
        using var libtorch = new ForeignLibtorch().WithReal("libc10.so", "libtorch.so").WithMade("libtorch_cpu.so", "libtorch_cpu.so", "_ZN2at11show_configEv");

        var message = Refusal(libtorch);
        Assert.Contains("The libtorch of unknown version in ", message, StringComparison.Ordinal);
        Assert.Contains("it was compiled with the old ABI of C++ (_GLIBCXX_USE_CXX11_ABI=0), and TorchSharp's library with the new one. ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("symbols", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LibraryOfAnotherName_IsRefused_SinceASecondOneWouldBeLookedFor()
    {
        using var libtorch = new ForeignLibtorch().WithReal("libtorch_cpu.so", "libtorch.so").WithMade("libc10.so", "libc10.so.2.6");

        Assert.Contains("libc10.so calls itself libc10.so.2.6, and TorchSharp's library asks for libc10.so; of the 1204 symbols ", Refusal(libtorch), StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherProcessor_AndDamagedFiles_AreRefused()
    {
        using var libtorch = new ForeignLibtorch().WithReal(all);
        var image = File.ReadAllBytes(libtorch.PathOf("libtorch.so"));
        File.Delete(libtorch.PathOf("libtorch.so"));
        File.WriteAllBytes(libtorch.PathOf("libtorch.so"), [.. image[..18], 183, .. image[19..]]);
        Assert.Contains("libtorch.so is for another processor (ELF machine 183; linux-x64 is 62). Name ", Refusal(libtorch), StringComparison.Ordinal);

        File.WriteAllBytes(libtorch.PathOf("libtorch.so"), image[..2000]);
        Assert.Equal($"{libtorch.PathOf("libtorch.so")}, of FREEZEBENCH_LIBTORCH, cannot be used: it is truncated: a section lies beyond its end.", Refusal(libtorch));

        File.WriteAllText(libtorch.PathOf("libtorch.so"), "version https://git-lfs");
        Assert.EndsWith("cannot be used: it is not an ELF file.", Refusal(libtorch), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SpecialFile.Pipe)]
    [InlineData(SpecialFile.Zero)]
    public void WhatIsNoFile_IsRefused_AndNotWaitedFor(string kind)
    {
        Assert.SkipUnless(SpecialFile.AreThere, "Special files are Unix's.");
        using var libtorch = new ForeignLibtorch().WithReal("libc10.so", "libtorch.so");
        SpecialFile.Put(kind, libtorch.PathOf("libtorch_cpu.so"));
        Assert.Equal($"{libtorch.PathOf("libtorch_cpu.so")}, of FREEZEBENCH_LIBTORCH, cannot be used: it is not an ELF file.", Refusal(libtorch));
        SpecialFile.Put(kind, Path.Combine(libtorch.Folder, "..", "version.py"));
        Assert.Null(LibtorchVersion.Stated(libtorch.Folder));
    }

    [Fact]
    public void CalledSymbols_AreThoseOfTheSources()
    {
        string[] lists = ["CalledSymbols.cs", "LibtorchFit.cs"];
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Benchmarks.sln")))
            folder = folder.Parent!;
        var called = Directory.EnumerateFiles(Path.Combine(folder.FullName, "src"), "*.cs", SearchOption.AllDirectories).Where(file => !lists.Contains(Path.GetFileName(file)))
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), "\"(_ZN[A-Z]*2at\\w+)\"").Select(match => match.Groups[1].Value)).Distinct();

        Assert.Equal(called.Order(StringComparer.Ordinal), CalledSymbols.All);
    }

    [Fact]
    public void BuiltFor_IsWhatTorchSharpSays() => Assert.StartsWith($"{LibtorchFit.BuiltFor}.", TorchSharp.torch.__version__, StringComparison.Ordinal);

    private static string Refusal(ForeignLibtorch libtorch) =>
        Assert.Throws<RefusedException>(() => LibtorchFit.Check(libtorch.Chosen, NativeFolder.RealLibraryPath, ForeignLibtorch.Linux)).Message;
}
