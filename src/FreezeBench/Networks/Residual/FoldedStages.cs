using System.Globalization;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Folding;
using FreezeBench.Kernels.Observing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Residual;

/// <summary>
/// The first stages of a network for inference: what they compute in eval mode, but for the rounding, with every BatchNorm
/// folded into the convolution before it. A copy of the weights at one moment, and none of the network's own business:
/// its parameters, buffers and modes are only read. For images of one height and width, those of the first pass.
/// </summary>
internal sealed class FoldedStages : IDisposable
{
    private readonly List<IDisposable> owned = [];
    private readonly List<(Stage Stage, Func<Tensor, bool, Observers, Tensor> Run)> operations = [];
    private readonly TensorVersions originals;
    private (long Height, long Width)? size;

    /// <param name="network">On its device and in its memory format already.</param>
    /// <param name="last">The last stage of the copy, <see cref="Stage.Layer4"/> at most: a head has no BatchNorm.</param>
    /// <param name="type">
    /// float32, or the 16-bit type that the network computes in: the weights are cast once here, where autocast would cast them in
    /// every step, since it keeps no cast of what does not train.
    /// </param>
    internal FoldedStages(ResNet network, Stage last, ScalarType type = ScalarType.Float32)
    {
        if (last > Stage.Layer4)
            throw new ArgumentOutOfRangeException(nameof(last), last, "Only the stages before the head can be folded.");
        var stem = network.Modules(Stage.Stem);
        var first = Owned(new FoldedConvolution((TrainedConvolution)stem[0], (BatchNorm2d)stem[1], type) { Name = "conv1" });
        operations.Add((Stage.Stem, (input, _, observers) => first.Run(input.to(type), observers.Layers, relu: true)));
        operations.Add((Stage.Stem, (input, _, observers) => Work.Seen(observers.Work, () => ResNet.PoolStem(input))));
        for (var stage = Stage.Layer1; stage <= last; stage++)
            foreach (var (index, block) in network.Modules(stage).SelectMany(layer => layer.children()).Cast<IFoldableBlock>().Index())
            {
                var folded = Owned(block.Fold(string.Create(CultureInfo.InvariantCulture, $"layer{stage - Stage.Stem}.{index}"), type));
                operations.Add((stage, (input, mayOverwrite, observers) => folded.Run(input, mayOverwrite, observers.Layers)));
            }
        if (last == Stage.Layer4)
            operations.Add((last, (input, _, observers) => Work.Seen(observers.Work, () => ResNet.PoolFeatures(input))));
        originals = new(Enum.GetValues<Stage>().Where(stage => stage <= last).SelectMany(network.Modules)
            .SelectMany(module => module.parameters().Concat(module.buffers())));
    }

    /// <summary>Whether no parameter or buffer of these stages was written to since the copy was made.</summary>
    internal bool IsCurrent => originals.Unchanged;

    /// <summary>Whether it is for images of this size: its layers' form goes by the first.</summary>
    /// <param name="images">[N, 3, H, W].</param>
    internal bool Takes(Tensor images) => size is null || size == (images.size(2), images.size(3));

    /// <summary>The stages from the stem to one of them, without a graph.</summary>
    /// <param name="images">float32 [N, 3, H, W], normalised, on the network's device, of the first pass's size (<see cref="Takes"/>).</param>
    /// <param name="last">At most the last stage of the copy.</param>
    /// <param name="layers">Told of every convolution; null: nobody.</param>
    /// <param name="work">Told of the pools; null: nobody.</param>
    /// <returns>Of the copy's type; an ordinary tensor, which autograd may save for a backward pass; the caller disposes it.</returns>
    internal Tensor Run(Tensor images, Stage last, ILayerObserver? layers = null, IWorkObserver? work = null)
    {
        var end = operations.FindLastIndex(operation => operation.Stage == last);
        if (end < 0)
            throw new ArgumentOutOfRangeException(nameof(last), last, "The copy ends before this stage.");
        if (!Takes(images))
            throw new ArgumentException($"The copy is for {size?.Height}x{size?.Width} pixels; the images have {images.size(2)}x{images.size(3)}.", nameof(images));
        size = (images.size(2), images.size(3));
        var observers = new Observers(layers, work);
        Tensor inside;
        using (inference_mode(true))
        {
            inside = RunOne(0, images, mayOverwrite: false, observers);
            for (var index = 1; index < end; index++)
            {
                using var previous = inside;
                inside = RunOne(index, previous, mayOverwrite: true, observers);
            }
        }
        // The last operation is outside of inference mode: its output is then a tensor that the first trained layer can save
        // for its backward pass, and no copy is needed. What was made inside may not be overwritten there.
        using (inside)
        using (no_grad())
            return RunOne(end, inside, mayOverwrite: false, observers);
    }

    private Tensor RunOne(int index, Tensor input, bool mayOverwrite, Observers observers)
    {
        // A scope for each operation: the reason is in BasicBlock.
        using var scope = NewDisposeScope();
        return operations[index].Run(input, mayOverwrite, observers).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => owned.ForEach(part => part.Dispose());

    private T Owned<T>(T part) where T : IDisposable
    {
        owned.Add(part);
        return part;
    }

    private readonly record struct Observers(ILayerObserver? Layers, IWorkObserver? Work);
}
