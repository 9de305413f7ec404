using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Folding;
using FreezeBench.Tests.Networks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Folding;

/// <summary>Modules in a row, and their copy for inference: it computes what they do.</summary>
public class FoldedSequenceTests
{
    private const int Channels = 8;

    // Relative to the largest output: what float32 rounds in a few layers.
    private const double Rounding = 1e-5;

    public static TheoryData<string, int> Rows { get; } = new()
    {
        { "convolution, norm", 1 }, { "convolution, norm, relu", 1 }, { "convolution with bias, norm, relu", 1 }, { "convolution alone", 1 },
        { "convolution, relu", 1 }, { "convolution, norm without weights", 1 }, { "convolution in groups, norm", 1 }, { "dilated convolution, norm, relu", 1 },
        { "our convolution, norm, relu", 1 }, { "norm first", 2 }, { "two norms", 2 }, { "norm without statistics", 2 }, { "relu first", 2 },
        { "linear behind flatten", 4 }, { "dropout", 2 }, { "identity", 1 }, { "reflected padding", 2 }, { "same padding", 2 }, { "pools", 5 },
        { "nested", 2 }, { "other activations", 3 }, { "hook on the convolution", 2 }, { "hook on the norm", 2 }, { "hook on the sequence", 1 },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Outputs_AreThoseOfTheModules(string row, int operations)
    {
        foreach (var format in MemoryFormat.All)
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using var modules = Row(row);
            format.ApplyTo(modules);
            // As drawn and with statistics of their own: nothing is 0 or 1 by chance.
            FormulaWeights.Fill(modules);
            modules.eval();
            using var folded = FoldedSequence.Of(modules.named_children());
            var images = Images();
            var before = images.clone();
            // Of a copy: a ReLU in place at the front writes into its input.
            var expected = modules.call(images.clone());
            // A second pass, since the first one prepares the weights.
            foreach (var output in new[] { folded.Run(images), folded.Run(images) })
            {
                Assert.Equal(expected.shape, output.shape);
                Assert.InRange(((output - expected).abs().max() / expected.abs().max()).item<float>(), 0, Rounding);
            }
            Assert.Equal(operations, folded.Count);
            Assert.True(images.equal(before).all().item<bool>(), "The caller's images were written to.");
            Assert.True(folded.IsCurrent);
        }
    }

    [Fact]
    public void ModuleInTrainMode_IsRefused_ByItsName()
    {
        using var modules = Row("convolution, norm, relu");
        var error = Assert.Throws<ArgumentException>(() => FoldedSequence.Of(modules.named_children()));
        Assert.StartsWith("'0' is in train mode, and a folded copy is for inference: call eval() first.", error.Message, StringComparison.Ordinal);
        modules.eval();
        modules.children().ElementAt(1).train();
        Assert.StartsWith("'1' is in train mode", Assert.Throws<ArgumentException>(() => FoldedSequence.Of(modules.named_children())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ModuleThatDoesNotTakeOneTensor_IsRefused_ByItsName()
    {
        using var recurrent = nn.LSTM(3, 3);
        recurrent.eval();
        var error = Assert.Throws<ArgumentException>(() => FoldedSequence.Of([("memory", recurrent)]));
        Assert.StartsWith("'memory', a LSTM, does not take one tensor and give one.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImagesOfAnotherSize_AreRefused_AndOfAnotherNumberTaken()
    {
        using var scope = NewDisposeScope();
        using var modules = Row("convolution, norm, relu");
        modules.eval();
        using var folded = FoldedSequence.Of(modules.named_children());
        Assert.Equal([1, Channels, 6, 6], folded.Run(Images()[..1]).shape);
        Assert.Equal([2, Channels, 6, 6], folded.Run(Images()).shape);
        var error = Assert.Throws<ArgumentException>(() => folded.Run(zeros(2, 3, 8, 6)));
        Assert.StartsWith("The copy is for 6x6 pixels; the images have 8x6.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.weight")]
    [InlineData("1.running_mean")]
    [InlineData("4.weight")]
    public void WrittenWeights_MakeItOld(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var modules = nn.Sequential(nn.Conv2d(3, Channels, 3), nn.BatchNorm2d(Channels), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(Channels, 2));
        modules.eval();
        using var folded = FoldedSequence.Of(modules.named_children());
        var before = folded.Run(Images());
        modules.state_dict()[name].add_(1);
        Assert.False(folded.IsCurrent);
        using var again = FoldedSequence.Of(modules.named_children());
        Assert.InRange((again.Run(Images()) - modules.call(Images())).abs().max().item<float>(), 0, 1e-4);
        Assert.False(before.allclose(again.Run(Images())));
    }

    [Fact]
    public void Output_MayBeTrainedOn()
    {
        using var scope = NewDisposeScope();
        using var modules = Row("convolution, norm, relu");
        modules.eval();
        using var folded = FoldedSequence.Of(modules.named_children());
        using var head = nn.Linear(Channels, 2);
        var features = folded.Run(Images());
        Assert.False(features.requires_grad);
        head.call(features.mean([2, 3])).sum().backward();
        Assert.NotNull(head.weight.grad);
        Assert.All(modules.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void BFloat16_IsComputedIn_AndGivenBack()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var modules = Row("convolution, norm, relu");
        FormulaWeights.Fill(modules);
        modules.eval();
        using var folded = FoldedSequence.Of(modules.named_children(), ScalarType.BFloat16);
        var (output, expected) = (folded.Run(Images()), modules.call(Images()));
        Assert.Equal(ScalarType.BFloat16, output.dtype);
        // Eight bits of a number are kept.
        Assert.InRange(((output.to(ScalarType.Float32) - expected).abs().max() / expected.abs().max()).item<float>(), 1e-5, 1.0 / 64);
    }

    [Fact]
    public void Passes_LeaveNoTensorBehind()
    {
        using var modules = Row("pools");
        modules.eval();
        using var folded = FoldedSequence.Of(modules.named_children());
        using var images = Images();
        folded.Run(images).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var pass = 0; pass < 3; pass++)
            folded.Run(images).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Tensor Images() => linspace(-1, 1, 2 * 3 * 6 * 6).reshape(2, 3, 6, 6);

    private static Sequential Row(string row) => row switch
    {
        "convolution, norm" => nn.Sequential(Convolution(), nn.BatchNorm2d(Channels)),
        "convolution, norm, relu" => nn.Sequential(Convolution(), nn.BatchNorm2d(Channels), nn.ReLU()),
        "convolution with bias, norm, relu" => nn.Sequential(Convolution(bias: true), nn.BatchNorm2d(Channels), nn.ReLU(inplace: true)),
        "convolution alone" => nn.Sequential(Convolution(bias: true)),
        "convolution, relu" => nn.Sequential(Convolution(bias: true), nn.ReLU(inplace: true)),
        "convolution, norm without weights" => nn.Sequential(Convolution(), nn.BatchNorm2d(Channels, affine: false)),
        "convolution in groups, norm" => nn.Sequential(nn.Conv2d(3, 9, 3, padding: 1, groups: 3), nn.BatchNorm2d(9)),
        "dilated convolution, norm, relu" => nn.Sequential(nn.Conv2d(3, Channels, 3, padding: 2, dilation: 2), nn.BatchNorm2d(Channels), nn.ReLU()),
        "our convolution, norm, relu" => nn.Sequential(new TrainedConvolution(Convolution()), nn.BatchNorm2d(Channels), nn.ReLU()),
        "norm first" => nn.Sequential(nn.BatchNorm2d(3), Convolution(), nn.ReLU()),
        "two norms" => nn.Sequential(Convolution(), nn.BatchNorm2d(Channels), nn.BatchNorm2d(Channels)),
        // It goes by the batch in eval mode, too.
        "norm without statistics" => nn.Sequential(Convolution(), nn.BatchNorm2d(Channels, track_running_stats: false)),
        "relu first" => nn.Sequential(nn.ReLU(inplace: true), Convolution(), nn.BatchNorm2d(Channels)),
        "linear behind flatten" => nn.Sequential(Convolution(), nn.BatchNorm2d(Channels), nn.ReLU(), nn.Flatten(), nn.Linear(Channels * 36, 5), nn.ReLU()),
        "dropout" => nn.Sequential(nn.Dropout(0.5), Convolution(), nn.BatchNorm2d(Channels), nn.Dropout2d(0.5), nn.ReLU()),
        "identity" => nn.Sequential(nn.Identity(), Convolution()),
        "reflected padding" => nn.Sequential(nn.Conv2d(3, Channels, 3, padding: 1, padding_mode: PaddingModes.Reflect), nn.BatchNorm2d(Channels)),
        "same padding" => nn.Sequential(nn.Conv2d(3, Channels, 3, padding: Padding.Same), nn.BatchNorm2d(Channels)),
        "pools" => nn.Sequential(nn.MaxPool2d(2, 1), Convolution(), nn.AvgPool2d(2, 1), nn.AdaptiveAvgPool2d(2), nn.AdaptiveMaxPool2d([1, 1])),
        "nested" => nn.Sequential(nn.Sequential(Convolution(), nn.Sequential(nn.BatchNorm2d(Channels), nn.ReLU())), nn.MaxPool2d(2)),
        "other activations" => nn.Sequential(Convolution(), nn.BatchNorm2d(Channels), nn.Hardswish(), nn.Sigmoid()),
        "hook on the convolution" => Hooked(nn.Sequential(Convolution(), nn.BatchNorm2d(Channels)), 0),
        "hook on the norm" => Hooked(nn.Sequential(Convolution(), nn.BatchNorm2d(Channels)), 1),
        "hook on the sequence" => nn.Sequential(Hooked(nn.Sequential(Convolution(), nn.BatchNorm2d(Channels)))),
        _ => throw new ArgumentOutOfRangeException(nameof(row), row, "Not one of the test's."),
    };

    private static Conv2d Convolution(bool bias = false) => nn.Conv2d(3, Channels, 3, padding: 1, bias: bias);

    // What the hook does must be seen in the output.
    private static Sequential Hooked(Sequential modules, int? child = null)
    {
        var hooked = child is { } index ? (nn.Module<Tensor, Tensor>)modules.children().ElementAt(index) : modules;
        hooked.register_forward_hook((_, _, output) => output * 2);
        return modules;
    }
}
