namespace FreezeBench.Networks.Residual;

/// <summary>The two residual blocks of He et al., "Deep Residual Learning for Image Recognition" (2015), figure 5.</summary>
public enum BlockKind
{
    /// <summary>Two 3x3 convolutions; as many channels out as inside.</summary>
    Basic,

    /// <summary>1x1, 3x3, 1x1 convolutions; four times as many channels out as inside.</summary>
    Bottleneck,
}
