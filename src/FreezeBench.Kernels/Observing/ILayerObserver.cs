namespace FreezeBench.Kernels.Observing;

/// <summary>
/// Told where layers begin and end, for a profile. The host has issued a layer's work by then; on a GPU the work itself may
/// still be running.
/// </summary>
public interface ILayerObserver
{
    /// <summary>A layer's forward pass begins.</summary>
    /// <param name="layer">By the name that its parameters have in a state dict, such as <c>layer1.0.conv1</c>.</param>
    void ForwardBegins(string layer);

    /// <summary>The forward pass of the layer that began last ends.</summary>
    /// <param name="layer">Its name.</param>
    void ForwardEnds(string layer);
}
