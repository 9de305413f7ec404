using System.Globalization;
using TorchSharp;

namespace FreezeBench.Images.Decoding;

/// <summary>Decides whether the images of a data set live on the device or on the host.</summary>
internal static class ImagePlacement
{
    // The rest is for weights, activations and what the network grows by when a larger batch is asked for. A choice, not a measurement.
    private const int ShareOfFree = 4;

    /// <summary>Whether the images go to the device whole; where they do not, or where that could not be known, it is said.</summary>
    /// <param name="bytes">Of all images, training and test.</param>
    /// <param name="request">With the device and what is free there.</param>
    internal static bool OnDevice(long bytes, DataSetRequest request)
    {
        if (request.Device.type != DeviceType.CUDA)
            return true;
        if (request.FreeDeviceBytes is not { } free)
        {
            request.Progress.Says($"The driver does not tell how much memory of the GPU is free: the images ({Megabytes(bytes)}) go there whole, and each batch is gathered there.");
            return true;
        }
        if (bytes <= free / ShareOfFree)
            return true;
        request.Progress.Says($"The images take {Megabytes(bytes)}, more than a quarter of the {Megabytes(free)} that are free on the GPU: they stay in host memory, and each batch is copied.");
        return false;
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000} MB");
}
