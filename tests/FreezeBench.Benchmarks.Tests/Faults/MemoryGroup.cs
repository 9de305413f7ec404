using System.Globalization;
using FreezeBench.Faults;

namespace FreezeBench.Benchmarks.Tests.Faults;

/// <summary>A control group with a memory limit, as a container has one; only root may make one.</summary>
internal sealed class MemoryGroup : IDisposable
{
    // Of version 1 and of version 2 as they are commonly mounted: where groups are made, and the file that holds the limit.
    private static readonly (string Folder, string Limit, string MemoryFile)[] kinds =
        [("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"), ("/sys/fs/cgroup", "memory.max", "memory.current")];

    private readonly string? folder;

    /// <summary>Makes one.</summary>
    internal MemoryGroup(long bytes) => folder = kinds.Select(kind => Made(kind.Folder, kind.Limit, kind.MemoryFile, bytes)).FirstOrDefault(made => made is not null);

    /// <summary>Why a test has none.</summary>
    internal const string Refusal = "This user may make no control group with a memory limit (root may, where /sys/fs/cgroup is writable).";

    /// <summary>Whether there is one.</summary>
    internal bool IsThere => folder is not null;

    /// <summary>Runs a program, and what it starts, in it.</summary>
    internal ProgramRun Run(string assembly, IEnumerable<string> arguments) => ProgramRun.Of(assembly, arguments, $"echo $$ > {folder}/cgroup.procs");

    public void Dispose()
    {
        // Not recursive: its files are the kernel's, and go with it.
        if (folder is not null)
            Directory.Delete(folder);
    }

    private static string? Made(string parent, string limit, string used, long bytes)
    {
        var group = Path.Combine(parent, $"freezebench-test-{Guid.NewGuid():N}");
        try
        {
            if (!File.Exists("/bin/bash") || !Directory.Exists(parent))
                return null;
            Directory.CreateDirectory(group);
            // Where the controller is not passed down, the files are not there.
            if (!File.Exists(Path.Combine(group, used)))
            {
                Directory.Delete(group);
                return null;
            }
            File.WriteAllText(Path.Combine(group, limit), bytes.ToString(CultureInfo.InvariantCulture));
            return group;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(group))
                Directory.Delete(group);
            return null;
        }
    }
}
