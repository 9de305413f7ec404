using System.Globalization;
using FreezeBench.Images.Decoding;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Observing;
using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>
/// From stored images to the network's input, on the device and for the whole batch at once: resize, scale to 0 .. 1,
/// normalise, memory layout.
/// </summary>
/// <remarks>
/// The resize is bilinear with antialiasing (<c>align_corners = false</c>), as torchvision's <c>Resize</c> does for float
/// tensors; it is left out where the size is already right, which changes no value. A mean image is resized in the same way: as the resize
/// is linear, that is the same as subtracting it before. Owns two small tensors.
/// </remarks>
public sealed class ImageTransform : IDisposable
{
    private readonly Tensor scale;
    private readonly Tensor shift;
    private readonly MemoryFormat memoryFormat;

    /// <param name="resolutionPx">Height and width of the network's input in pixels, 1 or more.</param>
    /// <param name="memoryFormat">Strides of the result.</param>
    /// <param name="device">The device of the images.</param>
    /// <param name="statistics">What the inputs are normalised with: the weights' own; null: ImageNet's.</param>
    public ImageTransform(int resolutionPx, MemoryFormat memoryFormat, Device device, ChannelStatistics? statistics = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resolutionPx, 1);
        ResolutionPx = resolutionPx;
        this.memoryFormat = memoryFormat;
        statistics ??= ChannelStatistics.ImageNet;
        var (mean, deviation) = (statistics.Mean, statistics.StandardDeviation);
        var subtracted = statistics.MeanImage is { } image ? $"mean image {image.Sha256}" : $"mean {Joined(mean)}";
        Identity = string.Create(
            CultureInfo.InvariantCulture, $"bilinear, antialiased, {resolutionPx} px, {subtracted}, deviation {Joined(deviation)}, {memoryFormat}");
        // (x / 255 - mean) / std as one multiplication and one addition: x * scale + shift.
        scale = PerChannel(channel => 1 / (255f * deviation[channel]), device);
        shift = statistics.MeanImage is { } pixels ? PerPixel(pixels, deviation, device) : PerChannel(channel => -mean[channel] / deviation[channel], device);
    }

    /// <summary>Height and width of the result in pixels.</summary>
    public int ResolutionPx { get; }

    /// <summary>All that decides what becomes of an image, as text: equal where the results are.</summary>
    public string Identity { get; }

    /// <summary>Transforms a batch: every image whole, as a square.</summary>
    /// <param name="images">uint8 [N, 3, H, W] on the transform's device; not changed.</param>
    /// <param name="observer">Told of libtorch's operations on the batch; null: nobody.</param>
    /// <returns>float32 [N, 3, R, R] in the memory format; the caller disposes it.</returns>
    public Tensor Apply(Tensor images, IWorkObserver? observer = null)
    {
        using var scope = NewDisposeScope();
        var batch = Work.Seen(observer, () => images.to(ScalarType.Float32));
        if (batch.size(2) != ResolutionPx || batch.size(3) != ResolutionPx)
            batch = Work.Seen(observer, () => nn.functional.interpolate(
                batch, [ResolutionPx, ResolutionPx], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true));
        Work.Seen(observer, () => batch.mul_(scale));
        Work.Seen(observer, () => batch.add_(shift, alpha: Numbers.One));
        return memoryFormat.ApplyTo(batch, observer).MoveToOuterDisposeScope();
    }

    /// <summary>Transforms a batch, each image by its own framing.</summary>
    /// <param name="images">uint8 [N, 3, H, W] on the transform's device, whole images; not changed.</param>
    /// <param name="framings">One for each image.</param>
    /// <returns>float32 [N, 3, R, R] in the memory format; the caller disposes it.</returns>
    public Tensor Apply(Tensor images, IReadOnlyList<Framing> framings)
    {
        if (framings.Count != images.size(0))
            throw new ArgumentException($"There are {framings.Count} framings for {images.size(0)} images.", nameof(framings));
        using var scope = NewDisposeScope();
        return Normalise(FramedResize.Apply(images.to(ScalarType.Float32), framings, ResolutionPx)).MoveToOuterDisposeScope();
    }

    /// <summary>The last part of the transform, for images that are resized already.</summary>
    /// <param name="pixels">float32 [N, 3, R, R] in 0 .. 255, on the transform's device, of any strides; not changed.</param>
    /// <returns>float32 [N, 3, R, R] in the memory format; the caller disposes it.</returns>
    internal Tensor Normalise(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return memoryFormat.ApplyTo(pixels.mul(scale).add_(shift, alpha: Numbers.One)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        scale.Dispose();
        shift.Dispose();
    }

    private static string Joined(IEnumerable<float> values) => string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    private Tensor PerPixel(MeanImage image, IReadOnlyList<float> deviation, Device device)
    {
        using var scope = NewDisposeScope();
        var pixels = tensor(image.Values.ToArray()).reshape(1, 3, image.SizePx, image.SizePx);
        if (image.SizePx != ResolutionPx)
            pixels = nn.functional.interpolate(pixels, [ResolutionPx, ResolutionPx], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true);
        return pixels.div(tensor(deviation.ToArray()).reshape(1, 3, 1, 1)).neg().to(device).DetachFromDisposeScope();
    }

    private static Tensor PerChannel(Func<int, float> value, Device device)
    {
        using var scope = NewDisposeScope();
        return tensor(new[] { value(0), value(1), value(2) }).reshape(1, 3, 1, 1).to(device).DetachFromDisposeScope();
    }
}
