namespace FreezeBench.Networks.Tracing;

/// <summary>A layer with weights, or the product of an attention, as one image passes it.</summary>
/// <param name="Stage">Index of its stage in <see cref="INetwork.Stages"/>.</param>
/// <param name="Name">
/// In the network's module, as in its state dict: <c>layer1.0.conv1</c>. The two products of an attention end in <c>.scores</c> (queries by
/// keys) and <c>.values</c> (scores by values).
/// </param>
/// <param name="InputValues">Numbers that go in for each image.</param>
/// <param name="OutputValues">Numbers that come out for each image.</param>
/// <param name="ChannelsOut">Channels of a convolution's output, features of a linear layer's, width of an attention's; of the scores: tokens.</param>
/// <param name="Weights">Numbers of the kernel or matrix, without the bias; 0 for an attention's products.</param>
/// <param name="MultiplyAdds">
/// Multiplications with an addition each for one image: in a convolution with groups each output sees the channels of its group alone;
/// products with padding count too; biases do not.
/// </param>
public sealed record TracedLayer(int Stage, string Name, long InputValues, long OutputValues, long ChannelsOut, long Weights, long MultiplyAdds)
{
    /// <summary>Layers of one block of a stage are held at once until the block's end. Where blocks are not known, each layer is one.</summary>
    public int Block { get; init; }

    /// <summary>Whether it is the one around a residual block.</summary>
    public bool IsShortcut { get; init; }

    /// <summary>Groups of a convolution, that see channels of their own alone; 1 otherwise.</summary>
    public long Groups { get; init; } = 1;

    /// <summary>Whether it is a convolution whose gradient libtorch does not compute in bfloat16 (<see cref="NarrowImage"/>).</summary>
    public bool IsOverNarrowImage { get; init; }

    /// <summary>The part of <see cref="MultiplyAdds"/> that is with pixels and not with padding; 1 where there is none.</summary>
    public double ShareWithPixels { get; init; } = 1;

    /// <summary>Places of an image at which it computes its outputs: pixels, or tokens.</summary>
    public long Positions => OutputValues / ChannelsOut;

    /// <summary>
    /// Numbers of A in a low-rank adapter B A beside it, which has the layer's kernel and gives so many channels; 0: a product without weights
    /// or a convolution in groups, neither of which gets one.
    /// </summary>
    /// <param name="rank">Channels between A and B.</param>
    internal long AdapterDown(int rank) => Groups > 1 ? 0 : rank * (Weights / ChannelsOut);

    /// <summary>Numbers of the whole adapter: B has one for each of A's channels and each output.</summary>
    internal long AdapterWeights(int rank) => AdapterDown(rank) is > 0 and var down ? down + (rank * ChannelsOut) : 0;
}
