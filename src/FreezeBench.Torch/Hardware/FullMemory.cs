using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace FreezeBench.Torch.Hardware;

/// <summary>A device's memory that is full: how libtorch says so, and how what it keeps in stock is given back.</summary>
/// <remarks>TorchSharp has one exception type for everything that libtorch throws; the text alone tells them apart.</remarks>
public static partial class FullMemory
{
    // In this order: libtorch's allocators for CUDA and MPS and the runtime; the driver and NVRTC by number; libtorch's allocator on Linux and macOS,
    // and on Windows; C++'s own word, and the system's; the status of cuBLAS and cuDNN 8; of cuDNN 9 (..._DEVICE_ALLOCATION_FAILED, ..._HOST_...).
    private static readonly string[] words =
        ["out of memory", "OUT_OF_MEMORY", "can't allocate memory", "not enough memory", "std::bad_alloc", "Cannot allocate memory", "_ALLOC_FAILED", "_ALLOCATION_FAILED"];

    // What NVIDIA's libraries say too where memory is full, and libtorch passes on: cuDNN finds no plan whose workspace fits; a
    // handle of theirs cannot be made. Each has other causes, of which a smaller batch is no cure.
    private static readonly string[] signs =
        ["unable to find an engine to execute this computation", "CUBLAS_STATUS_NOT_INITIALIZED", "CUDNN_STATUS_NOT_INITIALIZED", "CUDNN_STATUS_NOT_SUPPORTED."];

    /// <summary>Whether a failure of libtorch is one of memory, or one that a full memory has and other causes too (see <see cref="IsCertain"/>).</summary>
    public static bool Is(ExternalException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return IsTold(failure.Message);
    }

    /// <summary>Whether a text tells of a failure of memory, such as what a process left on its standard output.</summary>
    public static bool IsTold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsCertain(text) || Array.Exists(signs, sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a text says in so many words that memory was full.</summary>
    public static bool IsCertain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Array.Exists(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Memory of the GPU in bytes as libtorch's message states it; null where it does not.</summary>
    /// <returns>All of it; and what is left of it to this process, what it had when it failed included: all where that is not stated.</returns>
    public static (long TotalBytes, long LeftBytes)? Capacity(string text)
    {
        if (Bytes(Total().Match(text)) is not { } total)
            return null;
        return (total, Bytes(Free().Match(text)) is { } free ? Math.Min(total, free + (Bytes(Own().Match(text)) ?? 0)) : total);
    }

    private static long? Bytes(Match match) => match.Success
        ? (long)(double.Parse(match.Groups["size"].Value, CultureInfo.InvariantCulture) * (match.Groups["unit"].Value switch { "GiB" => 1L << 30, "MiB" => 1L << 20, "KiB" => 1L << 10, _ => 1 }))
        : null;

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
        catch (ExternalException e) when (IsCertain(e.Message))
        {
        }
    }

    // 1 PiB: above what a device has, and below 1 EiB, from which on libtorch refuses before it looks.
    private const long TooMuchBytes = 1L << 50;

    private const string Size = @"(?<size>[0-9]+(\.[0-9]+)?) (?<unit>[GMK]iB|bytes)";

    [GeneratedRegex("total capacity of " + Size)]
    private static partial Regex Total();

    [GeneratedRegex("of which " + Size + " is free")]
    private static partial Regex Free();

    [GeneratedRegex("this process has " + Size + " memory in use")]
    private static partial Regex Own();
}
