using System.Runtime.InteropServices;
using FreezeBench.Kernels.Folding;
using FreezeBench.Tests.Fitting;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Folding;

/// <summary>Which operators frozen layers run by; cuDNN's own, which need a GPU, are tried there by the check "folding".</summary>
public sealed class CudnnOperatorsTests
{
    [Fact]
    public void NoneIsChosen_OnTheCpu()
    {
        using var convolution = nn.Conv2d(8, 8, 3, padding: 1);
        Assert.Null(CudnnOperators.Of(ConvolutionParts.Of(convolution)! with { Bias = convolution.bias }));
    }

    // The names and arguments are libtorch's: of a wrong one it would say something else. It is an exception, and not the end of the process.
    [Fact]
    public void BothOperators_AreKnownToLibtorch_AndRefuseTheCpuByAnException()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        ConvolutionParts parts = new(ones(8, 8, 3, 3), ones(8), [1, 1], [1, 1], [1, 1], 1);
        var input = ones(2, 8, 4, 4);

        Assert.Contains("cudnn_convolution_relu", Assert.Throws<ExternalException>(() => CudnnOperators.Instance.Relu(input, parts)).Message, StringComparison.Ordinal);
        Assert.Contains("cudnn_convolution_add_relu", Assert.Throws<ExternalException>(() => CudnnOperators.Instance.AddRelu(input, input, parts)).Message, StringComparison.Ordinal);
        Assert.Equal(new FusedTrial(Runs: false, Agrees: false, KeepsNaN: false), Tried(CudnnOperators.Instance));
        Assert.Equal(0, CudnnOperators.Instance.Calls);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void OperatorsThatComputeTheSame_PassTheTrial(ScalarType type) => Assert.True(CudnnOperators.Tried(new Separate(), CPU, type, _ => { }).Passes);

    [Fact]
    public void OperatorsThatAreWrong_OrMakeNumbersOfNaN_DoNot_AndTheTrialTellsWhich()
    {
        FusedTrial wrong = Tried(new Separate { Change = output => output * 1.1 }), hides = Tried(new Separate { Change = output => output.nan_to_num(0) });

        Assert.Equal((new FusedTrial(Runs: true, Agrees: false, KeepsNaN: true), new FusedTrial(Runs: true, Agrees: true, KeepsNaN: false)), (wrong, hides));
        Assert.False(wrong.Passes || hides.Passes);
    }

    // The addend that libtorch gives cuDNN where there is none is memory as it comes, times 0.
    [Fact]
    public void OperatorsThatTakeWhatLiesInTheirMemory_AreFound()
    {
        var memory = 0.0;
        var reading = new Separate { Change = output => output + (0 * memory) };

        Assert.True(Tried(reading).Passes);
        Assert.Equal(new FusedTrial(Runs: true, Agrees: false, KeepsNaN: true), CudnnOperators.Tried(reading, CPU, ScalarType.Float32, _ => memory = double.NaN));
    }

    [Fact]
    public void StridesThatDiffer_AreNotTaken()
    {
        using var scope = NewDisposeScope();
        Assert.False(CudnnOperators.TakesSizes(new(ones(8, 8, 3, 3), null, [1, 2], [1, 1], [1, 1], 1)));
        Assert.True(CudnnOperators.TakesSizes(new(ones(8, 8, 3, 3), null, [2, 2], [1, 1], [1, 1], 1)));
    }

    // libtorch hands them to cuDNN without its wish for determinism.
    [Fact]
    public void DeterministicRuns_DoWithoutThem()
    {
        using var scope = NewDisposeScope();
        ConvolutionParts parts = new(ones(8, 8, 3, 3), null, [1, 1], [1, 1], [1, 1], 1);
        Assert.Equal((true, false, false), (CudnnOperators.Suits(DeviceType.CUDA, parts, deterministic: false), CudnnOperators.Suits(DeviceType.CUDA, parts, deterministic: true), CudnnOperators.Suits(DeviceType.CPU, parts, deterministic: false)));
    }

    [Fact]
    public void Block_RunsByThem_WhereTheyAreChosen()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using nn.Module first = nn.Conv2d(8, 8, 3, padding: 1), second = nn.Conv2d(8, 8, 3, padding: 1);
        var images = randn(2, 8, 4, 4);
        var fused = new Separate();
        FoldedConvolution Folded(nn.Module layer, IFusedOperators? by) => new("layer", layer, null, ScalarType.Float32, _ => by);
        Tensor Run(IFusedOperators? by)
        {
            using var block = new FoldedBlock([Folded(first, by), Folded(second, by)], shortcut: null);
            return ((IFoldedOperation)block).Run(images, mayOverwrite: false, new(null, null, IsFinite: false)).MoveToOuterDisposeScope();
        }

        var (together, apart) = (Run(fused), Run(null));

        Assert.Equal(["relu", "add_relu"], fused.Calls);
        Assert.True(together.allclose(apart, 1e-5, 1e-6));
    }

    // cuDNN's words. What the trial's convolution has an engine for, another shape need not.
    [Fact]
    public void ConvolutionThatCudnnHasNoEngineFor_RunsByTheSeparateOperations_FromItsFirstPassOn()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var layer = nn.Conv2d(3, 8, 7, padding: 3);
        var (images, other) = (randn(2, 3, 8, 8), randn(2, 8, 8, 8));
        FoldedPass pass = new(null, null, IsFinite: false);
        var without = new Separate { Change = _ => throw LibtorchFailure.Of("GET was unable to find an engine to execute this computation") };
        using FoldedConvolution alone = new("conv1", layer, null, ScalarType.Float32, _ => without), sum = new("conv1", layer, null, ScalarType.Float32, _ => without), plain = new("conv1", layer, null, ScalarType.Float32, _ => null);

        for (var step = 0; step < 2; step++)
        {
            Assert.True(alone.Run(images, pass, relu: true).equal(plain.Run(images, pass, relu: true)).all().item<bool>());
            Assert.True(sum.RunAndAdd(images, other, mayOverwrite: false, pass).equal(plain.RunAndAdd(images, other, mayOverwrite: false, pass)).all().item<bool>());
        }
        Assert.Equal(["relu", "add_relu"], without.Calls);
    }

    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB.", 0)]
    [InlineData("GET was unable to find an engine to execute this computation", 1)]
    public void FullMemory_AndAFailureBehindTheFirstPass_AreNotTakenForAMissingEngine(string words, int passesBefore)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var layer = nn.Conv2d(3, 8, 3, padding: 1);
        var (images, passes) = (randn(2, 3, 4, 4), 0);
        var failing = new Separate { Change = output => passes++ < passesBefore ? output : throw LibtorchFailure.Of(words) };
        using FoldedConvolution folded = new("conv1", layer, null, ScalarType.Float32, _ => failing);
        void Run() => folded.Run(images, new(null, null, IsFinite: false), relu: true).Dispose();

        for (var pass = 0; pass < passesBefore; pass++)
            Run();
        Assert.Equal(words, Assert.Throws<ExternalException>(Run).Message);
    }

    private static FusedTrial Tried(IFusedOperators fused) => CudnnOperators.Tried(fused, CPU, ScalarType.Float32, _ => { });

    private sealed class Separate : IFusedOperators
    {
        internal List<string> Calls { get; } = [];

        internal Func<Tensor, Tensor> Change { get; init; } = output => output;

        public Tensor Relu(Tensor input, ConvolutionParts parts)
        {
            Calls.Add("relu");
            return Change(Convolved(input, parts).relu());
        }

        public Tensor AddRelu(Tensor input, Tensor other, ConvolutionParts parts)
        {
            Calls.Add("add_relu");
            return Change((Convolved(input, parts) + other).relu());
        }

        private static Tensor Convolved(Tensor input, ConvolutionParts parts) => nn.functional.conv2d(input, parts.Weight, parts.Bias, strides: parts.Stride, padding: parts.Padding);
    }
}
