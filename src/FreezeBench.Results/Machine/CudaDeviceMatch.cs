using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>Finds the NVML device that CUDA calls <c>cuda:N</c>. It rather finds none than a wrong one.</summary>
/// <remarks>
/// CUDA numbers GPUs from the fastest down unless <c>CUDA_DEVICE_ORDER=PCI_BUS_ID</c>, NVML by the PCI bus, and the link
/// between the two (the bus id that CUDA reports) is not to be had without calling CUDA. So an index is certain only
/// with one GPU or with that variable, which has to be set before the program starts. Where all GPUs have the same facts
/// they are known all the same, but no GPU's state. <c>CUDA_VISIBLE_DEVICES</c> is followed for indices and for unique
/// beginnings of UUIDs; a MIG UUID, a GPU listed twice or anything else is not certain.
/// </remarks>
public static class CudaDeviceMatch
{
    /// <summary>The facts of <c>cuda:N</c>, and its NVML device if it is certain.</summary>
    /// <param name="devices">All GPUs in NVML's order.</param>
    /// <param name="index">N of <c>cuda:N</c>.</param>
    /// <param name="variable">Looks up an environment variable; null where it is not set.</param>
    public static (GpuFacts Facts, NvmlDevice? Device) Find(IReadOnlyList<NvmlDevice> devices, int index, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentNullException.ThrowIfNull(variable);
        var orderKnown = devices.Count == 1 || variable("CUDA_DEVICE_ORDER") == "PCI_BUS_ID";
        List<NvmlDevice?> visible = [];
        if (variable("CUDA_VISIBLE_DEVICES") is { } list)
        {
            foreach (var entry in list.Split(',', StringSplitOptions.TrimEntries))
            {
                // CUDA ignores everything after the first entry that names no GPU.
                if (!TryResolve(devices, entry, orderKnown, out var device))
                    break;
                if (device is not null && visible.Contains(device))
                    return (GpuFacts.None, null);
                visible.Add(device);
            }
        }
        else
        {
            visible = [.. devices.Select(device => orderKnown ? device : null)];
        }

        if (index < 0 || index >= visible.Count)
            return (GpuFacts.None, null);
        if (visible[index] is { } certain)
            return (certain.Facts, certain);
        return (devices.All(device => device.Facts == devices[0].Facts) ? devices[0].Facts : GpuFacts.None, null);
    }

    /// <returns>Whether the entry names a GPU; which one may still be uncertain (null).</returns>
    private static bool TryResolve(IReadOnlyList<NvmlDevice> devices, string entry, bool orderKnown, out NvmlDevice? device)
    {
        device = null;
        if (int.TryParse(entry, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
        {
            if (index < 0 || index >= devices.Count)
                return false;
            device = orderKnown ? devices[index] : null;
            return true;
        }
        if (!entry.StartsWith("GPU-", StringComparison.Ordinal))
            return false;
        var matches = devices.Where(candidate => candidate.Uuid.StartsWith(entry, StringComparison.OrdinalIgnoreCase)).ToList();
        device = matches.Count == 1 ? matches[0] : null;
        return device is not null;
    }
}
