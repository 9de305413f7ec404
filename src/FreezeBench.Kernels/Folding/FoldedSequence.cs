using FreezeBench.Kernels.Observing;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>
/// Modules in a row as a copy for inference: what they compute in eval mode, but for the rounding, with every BatchNorm folded into the convolution before it.
/// For images of one height and width, those of the first pass.
/// </summary>
/// <remarks>
/// <para>A copy of the weights at one moment: <see cref="IsCurrent"/> tells whether they were changed since. Modules without convolution or BatchNorm are
/// called as they are. NaN and infinity pass through it as they pass through the modules. Not to be used by two threads at once.</para>
/// <para>The faster forms are for float32 on x64 CPUs, with weights that lie channels-last (<see cref="MemoryFormat"/>); elsewhere folding alone is
/// what is gained.</para>
/// </remarks>
public sealed class FoldedSequence : IDisposable
{
    private readonly IReadOnlyList<IFoldedOperation> operations;
    private readonly TensorVersions originals;
    private readonly ScalarType type;
    private readonly bool needsFinite;
    private (long Height, long Width)? size;

    /// <param name="operations">In the order of a pass; owned.</param>
    /// <param name="originals">All modules that the copy is of.</param>
    /// <param name="type">Of the copy.</param>
    internal FoldedSequence(IReadOnlyList<IFoldedOperation> operations, IEnumerable<nn.Module> originals, ScalarType type)
    {
        (this.operations, this.type) = (operations, type);
        needsFinite = operations.Any(operation => operation.NeedsFinite);
        this.originals = new(originals.SelectMany(module => module.parameters().Concat(module.buffers())));
    }

    /// <summary>Whether no parameter or buffer of the modules was written to since the copy was made.</summary>
    public bool IsCurrent => originals.Unchanged;

    /// <summary>Copies modules that run one after the other, on their device and in their memory format.</summary>
    /// <param name="modules">
    /// As <c>named_children()</c> of a <c>Sequential</c> gives them, in eval mode; a <c>Sequential</c> among them counts as its own modules. A convolution
    /// (<c>Conv2d</c> with zeros for padding, or <see cref="Convolutions.TrainedConvolution"/>), a <c>BatchNorm2d</c> with running statistics behind it and a <c>ReLU</c> behind
    /// either become one operation; an <see cref="IFoldableBlock"/> folds itself; dropout, which does nothing in eval mode, is left out; everything else,
    /// and every module with hooks, is called as it is.
    /// </param>
    /// <param name="type">float32, or the 16-bit type that is to be computed in; modules that are called as they are get inputs of this type.</param>
    /// <returns>The caller disposes it. The modules stay the caller's, and those that are called as they are must outlive it.</returns>
    /// <exception cref="ArgumentException">A module is in train mode, or does not take one tensor and give one.</exception>
    public static FoldedSequence Of(IEnumerable<(string Name, nn.Module Module)> modules, ScalarType type = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(modules);
        var all = modules.ToList();
        return new(FoldedOperations.Of(all, type), all.Select(one => one.Module), type);
    }

    /// <summary>Whether it is for images of this size: its layers' form goes by the first.</summary>
    /// <param name="images">[N, C, H, W].</param>
    public bool Takes(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return size is null || size == (images.size(2), images.size(3));
    }

    /// <summary>What the modules compute, without a graph.</summary>
    /// <param name="images">Floats [N, C, H, W] on the modules' device, of a size that it <see cref="Takes"/>; left as they are, unless the first module writes into its input.</param>
    /// <returns>Of the copy's type; an ordinary tensor, which autograd may save for a backward pass; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">Images of another size than the first pass's.</exception>
    public Tensor Run(Tensor images) => Run(images, Count);

    /// <summary>The first of the operations alone.</summary>
    /// <inheritdoc cref="Run(Tensor)"/>
    internal Tensor Run(Tensor images, int count, ILayerObserver? layers = null, IWorkObserver? work = null)
    {
        if (!Takes(images))
            throw new ArgumentException($"The copy is for {size?.Height}x{size?.Width} pixels; the images have {images.size(2)}x{images.size(3)}.", nameof(images));
        size = (images.size(2), images.size(3));
        var bound = new ActivationBound();
        Tensor RunOne(int index, Tensor input, bool mayOverwrite)
        {
            // A scope for each operation: a pass without a graph would otherwise keep every intermediate until its end.
            using var scope = NewDisposeScope();
            var operation = operations[index];
            var typed = index == 0 ? input.to(type) : input;
            var isFinite = needsFinite && bound.Passes(operation, typed);
            return operation.Run(typed, mayOverwrite, new(layers, work, isFinite)).MoveToOuterDisposeScope();
        }
        if (count == 0)
            return images.to(type, copy: true);
        var inside = images;
        using (inference_mode(true))
            for (var index = 0; index < count - 1; index++)
            {
                var output = RunOne(index, inside, mayOverwrite: index > 0 && operations[index - 1].GivesOwnMemory);
                if (index > 0)
                    inside.Dispose();
                inside = output;
            }
        // The last operation is outside of inference mode: its output is then a tensor that the first trained layer can save
        // for its backward pass, and no copy is needed. What was made inside may not be overwritten there.
        using (no_grad())
        {
            var output = RunOne(count - 1, inside, mayOverwrite: false);
            if (count > 1)
                inside.Dispose();
            return output;
        }
    }

    /// <summary>How many operations there are.</summary>
    internal int Count => operations.Count;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var operation in operations)
            operation.Dispose();
    }
}
