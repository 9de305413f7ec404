namespace FreezeBench.Networks.Residual;

/// <summary>
/// The parts of a ResNet in the order in which an image passes them. Freezing cuts between two of them; the order of the
/// values is the order of the network, so "before" is "less than".
/// </summary>
public enum Stage
{
    /// <summary>conv1, bn1, ReLU and max pooling: [N, 3, H, W] to [N, W0, H/4, W/4].</summary>
    Stem,

    /// <summary>layer1: same size, first width.</summary>
    Layer1,

    /// <summary>layer2: half the height and width.</summary>
    Layer2,

    /// <summary>layer3: half the height and width.</summary>
    Layer3,

    /// <summary>layer4 and the global average pooling after it: its output is [N, features].</summary>
    Layer4,

    /// <summary>fc, the linear classifier: [N, features] to [N, classes].</summary>
    Head,
}
