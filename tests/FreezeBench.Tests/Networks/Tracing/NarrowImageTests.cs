using System.Runtime.InteropServices;
using FreezeBench.Kernels;
using FreezeBench.Networks.Tracing;
using FreezeBench.Torch.Arithmetic;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.Tracing;

/// <summary>Which of libtorch's gradients in bfloat16 depend on memory that nobody wrote, and that all others do not.</summary>
public sealed class NarrowImageTests
{
    // Eight bits of a number are kept.
    private const double Rounding = 1.0 / 32;

    [Fact]
    public void GradientOverOnePixel_WithStride2_IsWhateverTheMemoryHolds()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.ReadAllText("/proc/cpuinfo").Contains("avx512_bf16", StringComparison.Ordinal), "oneDNN takes another way on a CPU without AVX512_BF16.");
        // If this fails, libtorch is mended, and nothing need be refused any more.
        Assert.True(WorstError(kernel: 3, stride: 2, padding: 1, size: 1) > 1);
    }

    public static TheoryData<int, int, int> Convolutions { get; } = new() { { 1, 1, 0 }, { 1, 2, 0 }, { 2, 2, 0 }, { 2, 2, 1 }, { 3, 1, 1 }, { 3, 2, 1 }, { 3, 4, 1 }, { 5, 2, 2 }, { 5, 4, 2 }, { 7, 2, 3 }, { 11, 4, 2 }, { 11, 4, 5 } };

    [Theory]
    [MemberData(nameof(Convolutions))]
    public void EverySizeThatIsNotRefused_HasRightGradients(int kernel, int stride, int padding)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Autocast's symbols are named by another rule there.");
        for (var size = 1; size <= 9; size++)
            if (size + (2 * padding) >= kernel && !NarrowImage.Is(size, stride, padding))
                Assert.InRange(WorstError(kernel, stride, padding, size), 0, Rounding);
    }

    // Of output and gradients, relative to the largest value of each, with every block of memory filled as it is handed out.
    private static double WorstError(int kernel, int stride, int padding, int size)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var worst = 0.0;
        foreach (var format in MemoryFormat.All)
        {
            using var convolution = nn.Conv2d(8, 16, kernel, stride, padding);
            format.ApplyTo(convolution);
            var images = format.ApplyTo(randn(4, 8, size, size)).requires_grad_();
            Tensor[] leaves = [convolution.weight!, images];
            var exact = nn.functional.conv2d(images.to(ScalarType.Float64), convolution.weight!.to(ScalarType.Float64), convolution.bias!.to(ScalarType.Float64), strides: [stride, stride], padding: [padding, padding]);
            var expected = autograd.grad([exact.square().sum()], leaves);
            using var filled = new FilledMemory();
            for (var pass = 0; pass < 5; pass++)
            {
                Tensor output;
                using (Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16))
                    output = convolution.call(images);
                var gradients = autograd.grad([output.to(ScalarType.Float32).square().sum()], leaves);
                foreach (var (one, other) in gradients.Append(output).Zip(expected.Append(exact)))
                {
                    var error = ((one.to(ScalarType.Float64) - other).abs().max() / other.abs().max()).item<double>();
                    worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
                }
            }
        }
        return worst;
    }

    // glibc's own way to find such reads (mallopt, M_PERTURB); elsewhere memory is as it is.
    private sealed class FilledMemory : IDisposable
    {
        private const int Perturb = -6;

        internal FilledMemory() => Set(1);

        public void Dispose() => Set(0);

        private static void Set(int value)
        {
            if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "mallopt", out var address))
                Marshal.GetDelegateForFunctionPointer<Mallopt>(address)(Perturb, value);
        }

        private delegate int Mallopt(int parameter, int value);
    }
}
