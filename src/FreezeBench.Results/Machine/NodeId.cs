using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32;

namespace FreezeBench.Results.Machine;

/// <summary>Tells machines of one environment apart without naming them: on one of many equal nodes a slow one is seen.</summary>
/// <remarks>
/// A hash, so that nobody reads a host's identity out of published rows; the same in every run, also after a restart. A container has its
/// image's identity where its maker gave it one: two machines that run the same image are then one node.
/// </remarks>
public static class NodeId
{
    /// <summary>Fixed for ever: with another one the same machine would be another node.</summary>
    private const string Salt = "FreezeBench node\n";

    private const int HexDigits = 8;

    /// <summary>The node of a run: of its GPU's UUID where it runs on a GPU, else of this host.</summary>
    /// <param name="torch">Names the device.</param>
    /// <param name="nvml">Null without one.</param>
    /// <param name="cuda">CUDA's own word on its devices; null without one.</param>
    /// <returns>Eight hexadecimal digits, or unknown where nobody tells, or it is not certain which GPU it is.</returns>
    public static string Of(TorchFacts torch, Nvml? nvml, CudaDriver? cuda = null) =>
        Of(torch.UsesGpu ? EnvironmentProbe.WatchableDevice(torch, nvml, cuda)?.Uuid : HostIdentity());

    /// <summary>The node of an identity; unknown where there is none.</summary>
    internal static string Of(string? identity) => identity?.Trim() is { Length: > 0 } known && known != Unknown.Text
        ? Convert.ToHexStringLower(Sha256.HashData(Encoding.UTF8.GetBytes(Salt + known.ToLowerInvariant())))[..HexDigits]
        : Unknown.Text;

    /// <summary>What an operating system was given when it was installed (machine-id(5)); null where there is none.</summary>
    /// <param name="path">The file that Linux keeps it in.</param>
    internal static string? HostIdentity(string path = "/etc/machine-id")
    {
        if (OperatingSystem.IsWindows())
            return WindowsIdentity();
        // An image that is to be many machines has an empty file, or this word, until each has started once.
        return OperatingSystem.IsLinux() && SystemFile.Lines(path) is [var line, ..] && line != "uninitialized" ? line : null;
    }

    [SupportedOSPlatform("windows")]
    private static string? WindowsIdentity() =>
        Registry.GetValue(@"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography", "MachineGuid", null) as string;
}
