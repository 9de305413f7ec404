using System.Runtime.InteropServices;
using FreezeBench.Kernels;
using FreezeBench.Tests.Networks;
using FreezeBench.Torch;
using FreezeBench.Torch.Loading;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Torch.Loading;

public class OneDnnCachesTests
{
    // What hidden caches did to them was 0.4 to 0.5 of the largest sum.
    /// <summary>1x1 and 3x3 convolutions of ResNet-18 and ResNet-50 at 32 and 128 px: images, channels in and out, side, kernel, stride.</summary>
    public static TheoryData<int, int, int, int, int, int> Convolutions => new()
    {
        { 4, 256, 512, 4, 1, 2 },
        { 128, 256, 512, 2, 1, 2 },
        { 4, 64, 256, 16, 1, 1 },
        { 4, 256, 64, 16, 1, 1 },
        { 2, 1024, 2048, 8, 1, 2 },
        { 2, 2048, 512, 4, 1, 1 },
        { 4, 64, 64, 8, 3, 1 },
        { 4, 256, 512, 4, 3, 2 },
    };

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void Convolutions_OfChannelsLastTensors_AreThoseOfFloat64(int images, int channelsIn, int channelsOut, int side, int kernel, int stride)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        var input = MemoryFormat.ChannelsLast.ApplyTo(randn(images, channelsIn, side, side, generator: generator)).requires_grad_();
        var weight = MemoryFormat.ChannelsLast.ApplyTo(randn(channelsOut, channelsIn, kernel, kernel, generator: generator)).requires_grad_();
        var (exactInput, exactWeight) = (input.detach().to(ScalarType.Float64).requires_grad_(), weight.detach().to(ScalarType.Float64).requires_grad_());
        Tensor Convolve(Tensor x, Tensor w) => nn.functional.conv2d(x, w, strides: [stride, stride], padding: [kernel / 2, kernel / 2]);

        var output = Convolve(input, weight);
        var exact = Convolve(exactInput, exactWeight);
        var gradient = randn(output.shape, generator: generator);
        output.backward([gradient]);
        exact.backward([gradient.to(ScalarType.Float64)]);

        ParityAssert.Exact(exact, output);
        ParityAssert.Exact(exactInput.grad!, input.grad!);
        ParityAssert.Exact(exactWeight.grad!, weight.grad!);
    }

    [Fact]
    public void Caches_AreCorrected_WhereTheyAreHidden_AndNowhereElse() =>
        Assert.Equal(OneDnnCaches.Hidden && OperatingSystem.IsLinux(), OneDnnCaches.Corrected);

    [Fact]
    public void BuildForCuda_IsCuredToo_AndRefusesTheCpuWhereThatFails()
    {
        var cured = 0;
        Assert.Null(TorchLibrary.CureConvolutions("cuda", () => cured++));
        Assert.Null(TorchLibrary.CureConvolutions("cpu", () => cured++));
        Assert.Equal(2, cured);

        var reason = new RefusedException("hidden caches");
        // Its GPU works; a build for the CPU has nothing else.
        Assert.Same(reason, TorchLibrary.CureConvolutions("cuda", () => throw reason));
        Assert.Same(reason, Assert.Throws<RefusedException>(() => TorchLibrary.CureConvolutions("cpu", () => throw reason)));
    }

    [Fact]
    public void Symbols_HaveTheDistancesThatTheyHaveInMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have other files.");
        const string one = "_ZN2at13globalContextEv", other = "_ZN2at11getNumGPUsEv", third = "_ZN2at4_ops10add_Tensor4callERKNS_6TensorES4_RKN3c106ScalarE";
        var path = TorchLibrary.LibtorchCpu(NativePlatform.Current());
        var library = NativeLibrary.Load(path);

        var symbols = ElfSymbols.Find(path, one, other, third, "no such symbol");

        Assert.Contains(one, symbols.Keys);
        Assert.Contains(third, symbols.Keys);
        Assert.DoesNotContain("no such symbol", symbols.Keys);
        Assert.Equal(
            NativeLibrary.GetExport(library, one) - NativeLibrary.GetExport(library, third),
            (nint)symbols[one].Address - (nint)symbols[third].Address);
        Assert.True(symbols[third].Size > 0);
    }

    [Fact]
    public void WhatIsNoElfFile_IsRefused()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "MZ, and nothing that an ELF file begins with, but long enough to hold the header of one.");
            Assert.Throws<InvalidDataException>(() => ElfSymbols.Find(path, "main"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void TruncatedElfFile_IsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have other files.");
        var path = Path.GetTempFileName();
        try
        {
            using (var whole = File.OpenRead(TorchLibrary.LibtorchCpu(NativePlatform.Current())))
            using (var part = File.Create(path))
            {
                var start = new byte[100_000];
                whole.ReadExactly(start);
                part.Write(start);
            }
            Assert.Contains("truncated", Assert.Throws<InvalidDataException>(() => ElfSymbols.Find(path, "main")).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
