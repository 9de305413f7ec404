using FreezeBench.Models;
using static TorchSharp.torch;

namespace FreezeBench.Data;

/// <summary>
/// From stored images to the network's input, on the device and for the whole batch at once: resize, scale to 0 .. 1,
/// normalise, memory layout.
/// </summary>
/// <remarks>
/// The resize is bilinear with antialiasing (<c>align_corners = false</c>), as torchvision's <c>Resize</c> does for float
/// tensors; it is left out where the size is already right, which changes no value. Owns two small tensors.
/// </remarks>
public sealed class ImageTransform : IDisposable
{
    /// <summary>Per-channel mean of ImageNet's training set (torchvision's <c>IMAGENET1K_V1</c> transforms), in 0 .. 1.</summary>
    public static readonly IReadOnlyList<float> ImageNetMean = [0.485f, 0.456f, 0.406f];

    /// <summary>Per-channel standard deviation that goes with <see cref="ImageNetMean"/>.</summary>
    public static readonly IReadOnlyList<float> ImageNetStandardDeviation = [0.229f, 0.224f, 0.225f];

    private readonly Tensor scale;
    private readonly Tensor shift;
    private readonly MemoryFormat memoryFormat;

    /// <param name="resolutionPx">Height and width of the network's input in pixels, 1 or more.</param>
    /// <param name="memoryFormat">Strides of the result.</param>
    /// <param name="device">The device of the images.</param>
    public ImageTransform(int resolutionPx, MemoryFormat memoryFormat, Device device)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolutionPx, 1);
        ResolutionPx = resolutionPx;
        this.memoryFormat = memoryFormat;
        // (x / 255 - mean) / std as one multiplication and one addition: x * scale + shift.
        scale = PerChannel(channel => 1 / (255f * ImageNetStandardDeviation[channel]), device);
        shift = PerChannel(channel => -ImageNetMean[channel] / ImageNetStandardDeviation[channel], device);
    }

    /// <summary>Height and width of the result in pixels.</summary>
    public int ResolutionPx { get; }

    /// <summary>Transforms a batch.</summary>
    /// <param name="images">uint8 [N, 3, H, W] on the transform's device; not changed.</param>
    /// <returns>float32 [N, 3, R, R] in the memory format; the caller disposes it.</returns>
    public Tensor Apply(Tensor images)
    {
        using var scope = NewDisposeScope();
        var batch = images.to(ScalarType.Float32);
        if (batch.size(2) != ResolutionPx || batch.size(3) != ResolutionPx)
            batch = nn.functional.interpolate(batch, [ResolutionPx, ResolutionPx], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true);
        return memoryFormat.ApplyTo(batch.mul_(scale).add_(shift)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        scale.Dispose();
        shift.Dispose();
    }

    private static Tensor PerChannel(Func<int, float> value, Device device)
    {
        using var scope = NewDisposeScope();
        return tensor(new[] { value(0), value(1), value(2) }).reshape(1, 3, 1, 1).to(device).DetachFromDisposeScope();
    }
}
