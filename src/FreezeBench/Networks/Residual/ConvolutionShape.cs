using FreezeBench.Networks.Tracing;

namespace FreezeBench.Networks.Residual;

/// <summary>A convolution of a network and the BatchNorm behind it, for an input of a given size, without any tensor.</summary>
/// <param name="Stage">Stem to layer4.</param>
/// <param name="Block">Of the stage, from 0; the stem is one block.</param>
/// <param name="IsShortcut">Whether it is the one around the block.</param>
/// <param name="InputValues">Numbers that go in for each image.</param>
/// <param name="OutputValues">Numbers that come out for each image: as many as BatchNorm gives.</param>
/// <param name="ChannelsOut">Channels of the output: four numbers each in BatchNorm (two parameters, two buffers).</param>
/// <param name="Weights">Numbers of the kernel; there is no bias.</param>
public sealed record ConvolutionShape(Stage Stage, int Block, bool IsShortcut, long InputValues, long OutputValues, int ChannelsOut, long Weights)
{
    /// <summary>As in <see cref="TracedLayer.IsOverNarrowImage"/>.</summary>
    public bool IsOverNarrowImage { get; init; }

    /// <inheritdoc cref="TracedLayer.ShareWithPixels"/>
    public double ShareWithPixels { get; init; } = 1;

    /// <summary>Every convolution of a network in the order of its forward pass, a block's shortcut last.</summary>
    /// <param name="shape">Architecture.</param>
    /// <param name="resolutionPx">Height and width of the network's input in pixels, 1 or more.</param>
    public static IReadOnlyList<ConvolutionShape> Of(ResNetShape shape, int resolutionPx)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolutionPx, 1);
        List<ConvolutionShape> all = [];
        var (side, channels) = (resolutionPx, 3);
        void Add(Stage stage, int block, int inside, int channelsIn, int channelsOut, int kernel, bool shortcut = false, bool halves = false)
        {
            var outside = halves ? Halved(inside) : inside;
            all.Add(new(stage, block, shortcut, (long)channelsIn * inside * inside, (long)channelsOut * outside * outside, channelsOut, (long)channelsIn * channelsOut * kernel * kernel)
            {
                IsOverNarrowImage = halves && NarrowImage.Is(inside, stride: 2, padding: kernel / 2),
                ShareWithPixels = Math.Pow(PaddingTaps.Share(inside, outside, kernel, halves ? 2 : 1, kernel / 2), 2),
            });
        }

        Add(Stage.Stem, 0, side, channels, shape.Width, kernel: 7, halves: true);
        (side, channels) = (PooledSide(resolutionPx), shape.Width);
        for (var stage = Stage.Layer1; stage <= Stage.Layer4; stage++)
            for (var block = 0; block < shape.Blocks[stage - Stage.Layer1]; block++)
            {
                var (within, without) = (shape.ChannelsInside(stage), shape.ChannelsInside(stage) * shape.Expansion);
                var halves = block == 0 && stage > Stage.Layer1;
                var after = halves ? Halved(side) : side;
                if (shape.Block == BlockKind.Bottleneck)
                {
                    Add(stage, block, side, channels, within, kernel: 1);
                    Add(stage, block, side, within, within, kernel: 3, halves: halves);
                    Add(stage, block, after, within, without, kernel: 1);
                }
                else
                {
                    Add(stage, block, side, channels, within, kernel: 3, halves: halves);
                    Add(stage, block, after, within, within, kernel: 3);
                }
                if (halves || channels != without)
                    Add(stage, block, side, channels, without, kernel: 1, shortcut: true, halves: halves);
                (side, channels) = (after, without);
            }
        return all;
    }

    /// <summary>As a pass of an image would show it.</summary>
    internal TracedLayer AsTraced() => new((int)Stage, "", InputValues, OutputValues, ChannelsOut, Weights, OutputValues / ChannelsOut * Weights) { Block = Block, IsShortcut = IsShortcut, IsOverNarrowImage = IsOverNarrowImage, ShareWithPixels = ShareWithPixels };

    /// <summary>Numbers behind the stem's pooling, for each image.</summary>
    internal static long PooledValues(ResNetShape shape, int resolutionPx) => (long)shape.Width * PooledSide(resolutionPx) * PooledSide(resolutionPx);

    /// <summary>Height and width behind the stem's pooling.</summary>
    internal static int PooledSide(int resolutionPx) => Halved(Halved(resolutionPx));

    // Stride 2 with half of the kernel as padding, whatever the kernel: one more than half of the side less one.
    private static int Halved(int side) => ((side - 1) / 2) + 1;
}
