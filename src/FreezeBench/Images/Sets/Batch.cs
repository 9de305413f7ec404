using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>What one step trains on. Who receives it disposes both tensors.</summary>
/// <param name="Inputs">float32 [N, 3, R, R] normalised images, or float32 [N, F] cached features.</param>
/// <param name="Labels">int64 [N], class ids, same device.</param>
public readonly record struct Batch(Tensor Inputs, Tensor Labels);
