using System.Globalization;

namespace FreezeBench.Faults;

/// <summary>What a process does with a signal, by Linux's word.</summary>
internal static class SignalMask
{
    /// <summary>Signals that this process began with ignored, as a shell's background and <c>nohup</c> make it; its children do so too, and .NET lets it be.</summary>
    internal static bool Ignores(string signal) => OperatingSystem.IsLinux() && Has("self", "SigIgn:", signal);

    /// <summary>Whether a process has a handler for it.</summary>
    internal static bool IsCaught(int process, string signal) => Has($"{process}", "SigCgt:", signal);

    /// <summary>Why a test is skipped where a signal is ignored.</summary>
    internal static string Ignored(string signal) => $"SIG{signal} is ignored here, as in a shell's background or under nohup, and children inherit that.";

    // Signal n is bit n - 1.
    private static bool Has(string process, string mask, string signal)
    {
        var bit = signal switch { "HUP" => 0, "INT" => 1, "QUIT" => 2, "TERM" => 14, _ => throw new ArgumentException($"'{signal}' is not asked for yet.", nameof(signal)) };
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(mask, StringComparison.Ordinal));
        return (ulong.Parse(line.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << bit)) != 0;
    }
}
