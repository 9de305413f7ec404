using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>Finds the NVML device that CUDA calls <c>cuda:N</c>. It rather finds none than a wrong one.</summary>
/// <remarks>
/// CUDA's own library tells where on the PCI bus each of its devices is, and so which of NVML's; and of a slice of a GPU (MIG) what NVML does
/// not tell. Without it only the environment is left: CUDA numbers GPUs from the fastest down unless <c>CUDA_DEVICE_ORDER=PCI_BUS_ID</c>,
/// NVML by the PCI bus, so that an index is certain only with one GPU or with that variable. Where all GPUs have the same facts
/// they are known all the same, but no GPU's state. <c>CUDA_VISIBLE_DEVICES</c> is then followed for indices and for unique
/// beginnings of UUIDs; a MIG UUID, a GPU listed twice or anything else is not certain.
/// </remarks>
public static class CudaDeviceMatch
{
    /// <summary>The facts of <c>cuda:N</c>, and its NVML device if it is certain: of a slice, that of the GPU that it is a part of.</summary>
    /// <param name="devices">All GPUs in NVML's order; none without NVML.</param>
    /// <param name="index">N of <c>cuda:N</c>.</param>
    /// <param name="variable">Looks up an environment variable; null where it is not set.</param>
    /// <param name="cuda">CUDA's own word; null: it is not to be had.</param>
    public static (GpuFacts Facts, NvmlDevice? Device) Find(IReadOnlyList<NvmlDevice> devices, int index, Func<string, string?> variable, CudaDriver? cuda = null)
    {
        if (cuda is not null)
            return index >= 0 && index < cuda.Devices.Count ? Joined(devices, cuda.Devices[index], cuda.Version) : (GpuFacts.None, null);
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

    /// <summary>Memory of <c>cuda:N</c> as it is now, in bytes; null where no driver tells. Where only all of it is known, that counts as free.</summary>
    /// <inheritdoc cref="Find"/>
    /// <param name="nvml">Null without one.</param>
    public static DeviceMemory? Memory(Nvml? nvml, int index, Func<string, string?> variable, CudaDriver? cuda = null)
    {
        var (facts, board) = Find(nvml?.Devices ?? [], index, variable, cuda);
        if (cuda?.Devices.ElementAtOrDefault(index) is { } device && device.NvmlUuid(IsSlice(board, device)) is { } uuid && nvml?.MemoryOf(uuid) is { } now)
            return now;
        if (facts.MemoryBytes is not { } total)
            return null;
        // Of a divided GPU NVML tells what all slices use.
        var used = board is { IsDivided: false } ? board.ReadState().UsedMemoryBytes : null;
        return new DeviceMemory(total, Math.Max(0, total - (used ?? 0)));
    }

    // By NVML, which knows of the GPU that it is divided, else by CUDA.
    private static bool IsSlice(NvmlDevice? board, CudaDevice device) => board?.IsDivided == true || device.IsSlice;

    private static (GpuFacts Facts, NvmlDevice? Device) Joined(IReadOnlyList<NvmlDevice> devices, CudaDevice device, string cudaVersion)
    {
        var board = Only(devices, candidate => candidate.PciBusId is { } place && place == device.PciBusId)
            ?? Only(devices, candidate => device.GpuUuid is { } uuid && candidate.Uuid.Equals($"GPU-{uuid:D}", StringComparison.OrdinalIgnoreCase));
        var slice = IsSlice(board, device);
        if (board is not null && !slice)
            return (board.Facts, board);
        var facts = board?.Facts ?? new GpuFacts { CudaDriverVersion = cudaVersion };
        return (facts with
        {
            Name = slice && device.Name != Unknown.Text ? $"{device.Name} (MIG slice)" : device.Name,
            MemoryBytes = device.MemoryBytes,
            ComputeCapability = device.ComputeCapability is var (major, minor) ? string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}") : facts.ComputeCapability,
        }, board);
    }

    private static NvmlDevice? Only(IReadOnlyList<NvmlDevice> devices, Func<NvmlDevice, bool> isIt) => devices.Where(isIt).ToList() is [var one] ? one : null;

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
