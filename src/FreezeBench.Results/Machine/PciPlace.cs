using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>Where a GPU is on the PCI bus. NVML and CUDA write it with unlike numbers of digits.</summary>
/// <param name="Domain">Segment; 0 on most machines.</param>
/// <param name="Bus">Of it.</param>
/// <param name="Device">On the bus.</param>
public readonly record struct PciPlace(uint Domain, uint Bus, uint Device)
{
    /// <summary>Reads <c>domain:bus:device.function</c> in hexadecimal digits; null: it is something else.</summary>
    public static PciPlace? Parse(string text) =>
        text.Split(':', '.') is [var domain, var bus, var device, _] && Hex(domain) is { } inDomain && Hex(bus) is { } onBus && Hex(device) is { } there
            ? new(inDomain, onBus, there)
            : null;

    private static uint? Hex(string digits) => uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null;
}
