namespace FreezeBench.Kernels.Observing;

/// <summary>
/// Told where a step hands libtorch a piece of work that grows with the images or the weights: of loading the batch, of the loss and
/// its sums, of gradients that we make, of the optimizer. The layers' forward passes and the backward pass the caller sees itself.
/// </summary>
public interface IWorkObserver
{
    /// <summary>libtorch is entered, for a new piece of work or to go on with one that it had called us back from.</summary>
    void WorkBegins();

    /// <summary>The work is done, or stands still while our code runs in the middle of it.</summary>
    /// <param name="calledBack">libtorch's backward pass has called a function of ours.</param>
    void WorkEnds(bool calledBack = false);
}
