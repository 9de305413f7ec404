using System.Globalization;
using FreezeBench.Kernels.Folding;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Residual;

/// <summary>
/// The first stages of a network for inference: what they compute in eval mode, but for the rounding, with every BatchNorm
/// folded into the convolution before it. A copy of the weights at one moment, and none of the network's own business:
/// its parameters, buffers and modes are only read. For images of one height and width, those of the first pass.
/// </summary>
internal static class FoldedStages
{
    /// <param name="network">On its device and in its memory format already.</param>
    /// <param name="last">The last stage of the copy, <see cref="Stage.Layer4"/> at most: a head has no BatchNorm.</param>
    /// <param name="type">
    /// float32, or the 16-bit type that the network computes in: the weights are cast once here, where autocast would cast them in
    /// every step, since it keeps no cast of what does not train.
    /// </param>
    internal static FoldedPart Of(ResNet network, Stage last, ScalarType type = ScalarType.Float32)
    {
        if (last > Stage.Layer4)
            throw new ArgumentOutOfRangeException(nameof(last), last, "Only the stages before the head can be folded.");
        var stages = Enum.GetValues<Stage>().Where(stage => stage <= last).ToList();
        return new([.. stages.Select(stage => Operations(network, stage, type))], stages.SelectMany(network.Modules), type);
    }

    private static List<IFoldedOperation> Operations(ResNet network, Stage stage, ScalarType type)
    {
        var modules = network.Modules(stage);
        if (stage == Stage.Stem)
            return
            [
                new ConvolutionOperation(new FoldedConvolution("conv1", modules[0], (BatchNorm2d)modules[1], type), relu: true),
                new OtherOperation(ResNet.PoolStem, isPool: true),
            ];
        List<IFoldedOperation> operations =
        [
            .. modules.SelectMany(layer => layer.children()).Cast<IFoldableBlock>()
                .Select((block, index) => block.Fold(string.Create(CultureInfo.InvariantCulture, $"layer{stage - Stage.Stem}.{index}"), type)),
        ];
        if (stage == Stage.Layer4)
            operations.Add(new OtherOperation(ResNet.PoolFeatures, isPool: true));
        return operations;
    }
}
