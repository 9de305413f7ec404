using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>The control groups that limit this process's memory on Linux: its own and all above it, of version 2 and version 1.</summary>
/// <remarks>
/// Which groups they are is in /proc/self/cgroup (cgroups(7)), where they lie in /proc/self/mountinfo (proc(5)). A container may see its own
/// group as the root of what is mounted, or not see it at all; then what is mounted is what there is.
/// </remarks>
/// <param name="read">Lines of a file; null: it is missing or may not be read.</param>
internal sealed class ControlGroups(Func<string, IReadOnlyList<string>?> read)
{
    private const int MountRoot = 3, MountPoint = 4;

    internal ControlGroups() : this(SystemFile.Lines)
    {
    }

    /// <summary>Every limit in bytes, with what counts against it and cannot be taken back.</summary>
    internal IEnumerable<(long Limit, long Used)> MemoryLimits()
    {
        foreach (var folder in Folders("cgroup2", "", line => line.StartsWith("0::", StringComparison.Ordinal)))
            if (Number($"{folder}/memory.max") is { } limit && Number($"{folder}/memory.current") is { } used)
                yield return (limit, Kept(used, $"{folder}/memory.stat", "inactive_file"));
        foreach (var folder in Folders("cgroup", "memory", IsOfMemory))
        {
            if (Number($"{folder}/memory.usage_in_bytes") is not { } used)
                continue;
            var kept = Kept(used, $"{folder}/memory.stat", "total_inactive_file");
            if (Number($"{folder}/memory.limit_in_bytes") is { } limit)
                yield return (limit, kept);
            // Of all groups above it too, those that are not mounted here among them.
            if (Fact($"{folder}/memory.stat", "hierarchical_memory_limit") is { } above)
                yield return (above, kept);
        }
    }

    /// <summary>Processes that the kernel has killed for want of memory, as far as it counts them: here and on the whole machine. Null: it does not.</summary>
    internal long? Kills()
    {
        long?[] counts =
        [
            Fact("/proc/vmstat", "oom_kill"),
            .. Folders("cgroup2", "", line => line.StartsWith("0::", StringComparison.Ordinal)).Select(folder => Fact($"{folder}/memory.events", "oom_kill")),
            .. Folders("cgroup", "memory", IsOfMemory).Select(folder => Fact($"{folder}/memory.oom_control", "oom_kill")),
        ];
        return counts.Any(count => count is not null) ? counts.Sum() : null;
    }

    private static bool IsOfMemory(string line) => line.Split(':') is [_, var controllers, ..] && controllers.Split(',').Contains("memory");

    // From the process's own group up to what is mounted.
    private IEnumerable<string> Folders(string type, string option, Func<string, bool> isOurs)
    {
        if (read("/proc/self/cgroup")?.FirstOrDefault(isOurs) is not { } ours)
            yield break;
        var path = ours[(ours.IndexOf(':', ours.IndexOf(':') + 1) + 1)..];
        foreach (var line in read("/proc/self/mountinfo") ?? [])
        {
            // "31 23 0:28 ROOT POINT options - TYPE source options", with a space in a path as \040.
            var (fields, kind) = (line.Split(' '), line[(line.IndexOf(" - ", StringComparison.Ordinal) + 3)..].Split(' '));
            if (fields.Length <= MountPoint || kind[0] != type || (option.Length > 0 && !kind[^1].Split(',').Contains(option)))
                continue;
            var (root, point) = (Plain(fields[MountRoot]), Plain(fields[MountPoint]));
            var below = path == root || root == "/" || path.StartsWith(root + "/", StringComparison.Ordinal) ? path[(root == "/" ? 0 : root.Length)..].Trim('/') : "";
            // A path of its own kind, "/../..", leads out of what this process may see.
            for (var rest = below.Contains("..", StringComparison.Ordinal) ? "" : below; ; rest = rest.LastIndexOf('/') is >= 0 and var cut ? rest[..cut] : "")
            {
                yield return rest == "" ? point : $"{point}/{rest}";
                if (rest == "")
                    break;
            }
        }
    }

    // Pages of files that nobody uses now are given up before a process is killed.
    private long Kept(long used, string statistics, string reclaimable) => Math.Max(0, used - (Fact(statistics, reclaimable) ?? 0));

    private long? Fact(string file, string name)
    {
        var line = read(file)?.FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return line is not null && long.TryParse(line[(name.Length + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    // "max" is no limit.
    private long? Number(string file) =>
        read(file) is [var line, ..] && long.TryParse(line.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Plain(string path) => path.Replace("\\040", " ", StringComparison.Ordinal);
}
