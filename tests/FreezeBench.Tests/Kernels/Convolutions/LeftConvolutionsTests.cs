using FreezeBench.Kernels.Convolutions;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Convolutions;

/// <summary>Convolutions that <see cref="FastTraining.Prepare"/> leaves as they are, and what it says of them.</summary>
public class LeftConvolutionsTests
{
    private const string Kind = "it has groups, dilation, or padding that is not zeros in given numbers";
    private const string Shape = "there is a faster layer for 3x3 kernels alone, with one stride and one padding for both directions";

    public static TheoryData<string, string> Reasons { get; } = new()
    {
        { "groups", Kind }, { "dilation", Kind }, { "reflected", Kind }, { "same", Kind },
        { "1x1", Shape }, { "5x5", Shape }, { "two strides", Shape }, { "two paddings", Shape },
        { "hook", "it has hooks, which would be lost" },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Convolution_IsLeft_AndTheReasonSaid_AndItGivesTheSame(string kind, string reason)
    {
        using var scope = NewDisposeScope();
        using var convolution = Convolution(kind);
        using var model = nn.Sequential(("odd", convolution), ("usual", nn.Conv2d(4, 4, 3, padding: 1)));
        var images = linspace(-1, 1, 2 * 4 * 6 * 6).reshape(2, 4, 6, 6);
        var expected = model.call(images);

        var report = FastTraining.Prepare(model);

        Assert.Equal([("odd", reason)], report.Left);
        Assert.Equal(["usual"], report.Replaced);
        Assert.Same(convolution, model.children().First());
        Networks.ParityAssert.Exact(expected, model.call(images));
    }

    [Fact]
    public void ModuleThatHoldsItAsAConv2d_KeepsIt()
    {
        using var model = new Narrow();
        var report = FastTraining.Prepare(model);
        Assert.Equal([("convolution", "its module holds it as a Conv2d, which the faster layer is not")], report.Left);
        Assert.Empty(report.Replaced);
        Assert.IsType<Conv2d>(model.children().Single());
    }

    [Fact]
    public void ModuleThatNobodySeesHoldingIt_KeepsIt()
    {
        using var model = new Hidden();
        Assert.Equal([("convolution", "no field, list or array of its module holds it")], FastTraining.Prepare(model).Left);
    }

    [Fact]
    public void ModelThatIsOneConvolution_IsOnlyLaidOut()
    {
        using var model = nn.Conv2d(4, 4, 3);
        var report = FastTraining.Prepare(model);
        Assert.Empty(report.Replaced);
        Assert.Empty(report.Left);
        Assert.Equal(1, model.weight!.stride(1));
    }

    [Fact]
    public void LayerInTwoPlaces_IsOneLayerAfterwards()
    {
        using var scope = NewDisposeScope();
        using var model = new Shared();
        var keys = model.state_dict().Keys.ToList();
        Assert.Equal(["first", "second"], FastTraining.Prepare(model).Replaced);
        Assert.Equal(keys, model.state_dict().Keys);
        // Neither in a field nor in a list of TorchSharp's is the old one left, which a move to a device would move apart from the new.
        Assert.DoesNotContain(model.named_children(), child => child.module is Conv2d);
        Assert.Same(model.First, model.Second);
        Assert.IsType<TrainedConvolution>(model.First);
        FastTraining.Backward(model.call(ones(1, 4, 2, 2)).sum());
        Assert.NotNull(model.parameters().First().grad);
    }

    private static Conv2d Convolution(string kind)
    {
        var convolution = kind switch
        {
            "groups" => nn.Conv2d(4, 4, 3, padding: 1, groups: 2),
            "dilation" => nn.Conv2d(4, 4, 3, padding: 2, dilation: 2),
            "reflected" => nn.Conv2d(4, 4, 3, padding: 1, padding_mode: PaddingModes.Reflect),
            "same" => nn.Conv2d(4, 4, 3, padding: Padding.Same),
            "1x1" => nn.Conv2d(4, 4, 1),
            "5x5" => nn.Conv2d(4, 4, 5, padding: 2),
            "two strides" => nn.Conv2d(4, 4, (3, 3), (1, 2), (1, 1)),
            "two paddings" => nn.Conv2d(4, 4, (3, 3), (1, 1), (1, 0)),
            "hook" => nn.Conv2d(4, 4, 3, padding: 1),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not one of the test's."),
        };
        if (kind == "hook")
            convolution.register_forward_hook((_, _, output) => output);
        return convolution;
    }

    private sealed class Narrow : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d convolution = nn.Conv2d(4, 4, 3);

        internal Narrow() : base(nameof(Narrow)) => RegisterComponents();

        public override Tensor forward(Tensor input) => convolution.call(input);
    }

    private sealed class Hidden : nn.Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> run;

        internal Hidden() : base(nameof(Hidden))
        {
            var convolution = nn.Conv2d(4, 4, 3);
            register_module("convolution", convolution);
            run = convolution.call;
        }

        public override Tensor forward(Tensor input) => run(input);
    }

    private sealed class Shared : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> first = nn.Conv2d(4, 4, 3, padding: 1);
        private readonly nn.Module<Tensor, Tensor> second;

        internal Shared() : base(nameof(Shared))
        {
            second = first;
            RegisterComponents();
        }

        internal nn.Module<Tensor, Tensor> First => first;

        internal nn.Module<Tensor, Tensor> Second => second;

        public override Tensor forward(Tensor input) => second.call(first.call(input));
    }
}
