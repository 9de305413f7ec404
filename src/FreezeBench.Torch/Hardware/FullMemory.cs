using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace FreezeBench.Torch.Hardware;

/// <summary>A device's memory that is full: how libtorch says so, and how what it keeps in stock is given back.</summary>
/// <remarks>TorchSharp has one exception type for everything that libtorch throws; the text alone tells them apart.</remarks>
public static partial class FullMemory
{
    // In this order: libtorch's allocator for CUDA and the driver; its allocator on Linux and macOS, and on Windows; C++'s own
    // word, and the system's; cuDNN's and cuBLAS's status.
    private static readonly string[] words = ["out of memory", "can't allocate memory", "not enough memory", "std::bad_alloc", "Cannot allocate memory", "_ALLOC_FAILED"];

    /// <summary>Whether a failure of libtorch is one of memory.</summary>
    public static bool Is(ExternalException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return IsTold(failure.Message);
    }

    /// <summary>Whether a text tells of a failure of memory, such as what a process left on its standard output.</summary>
    public static bool IsTold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Array.Exists(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The whole memory of the GPU in bytes as libtorch's message states it; null where it does not.</summary>
    public static long? CapacityBytes(string text)
    {
        var match = Capacity().Match(text);
        return match.Success
            ? (long)(double.Parse(match.Groups["size"].Value, CultureInfo.InvariantCulture) * (1L << (match.Groups["unit"].Value == "GiB" ? 30 : 20)))
            : null;
    }

    /// <summary>Gives a GPU the memory back that libtorch holds in stock for tensors to come; on the CPU it has none.</summary>
    /// <remarks>
    /// TorchSharp has no <c>empty_cache</c>, and libtorch exports none that is not virtual. But its allocator empties the stock
    /// before it says that memory is full (CUDACachingAllocator: free what is cached, and try again), so it is asked for
    /// more than any device has. Never run on a GPU.
    /// </remarks>
    public static void ReleaseStock(torch.Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.type != DeviceType.CUDA)
            return;
        try
        {
            torch.empty(TooMuchBytes, torch.ScalarType.Byte, device).Dispose();
        }
        catch (ExternalException e) when (Is(e))
        {
        }
    }

    // 1 PiB: above what a device has, and below 1 EiB, from which on libtorch refuses before it looks.
    private const long TooMuchBytes = 1L << 50;

    [GeneratedRegex(@"total capacity of (?<size>[0-9]+(\.[0-9]+)?) (?<unit>[GM]iB)")]
    private static partial Regex Capacity();
}
