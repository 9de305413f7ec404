using FreezeBench.Kernels.Observing;
using static TorchSharp.torch;

namespace FreezeBench.Networks;

/// <summary>The first stages of a network for inference, as they were at one moment: <see cref="IFoldable"/>.</summary>
public interface IFrozenCopy : IDisposable
{
    /// <summary>Whether no parameter or buffer of these stages was written to since the copy was made.</summary>
    bool IsCurrent { get; }

    /// <summary>Whether it is for images of this size: its layers' form goes by the first.</summary>
    /// <param name="images">[N, 3, H, W].</param>
    bool Takes(Tensor images);

    /// <summary>The stages from the first to one of them, without a graph.</summary>
    /// <param name="images">float32 [N, 3, H, W], normalised, on the network's device, of a size that it <see cref="Takes"/>.</param>
    /// <param name="last">Index of the last stage to run.</param>
    /// <param name="layers">Told of every convolution; null: nobody.</param>
    /// <param name="work">Told of the pools; null: nobody.</param>
    /// <returns>Of the copy's type; an ordinary tensor, which autograd may save for a backward pass; the caller disposes it.</returns>
    Tensor Run(Tensor images, int last, ILayerObserver? layers = null, IWorkObserver? work = null);
}
