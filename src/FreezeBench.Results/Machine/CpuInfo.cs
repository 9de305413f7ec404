namespace FreezeBench.Results.Machine;

/// <summary>Linux's /proc/cpuinfo: lines of <c>key : value</c>, a block for each logical core.</summary>
internal static class CpuInfo
{
    /// <summary>Its lines; none where it is missing.</summary>
    internal static IReadOnlyList<string> Lines() => SystemFile.Lines("/proc/cpuinfo") ?? [];

    /// <summary>The first value of a key that is not empty, so that of the first core; null where there is none.</summary>
    internal static string? Value(IReadOnlyList<string> lines, string key) => lines
        .Select(line => line.Split(':', 2))
        .FirstOrDefault(pair => pair.Length == 2 && pair[0].Trim() == key && pair[1].Trim().Length > 0)?[1].Trim();
}
