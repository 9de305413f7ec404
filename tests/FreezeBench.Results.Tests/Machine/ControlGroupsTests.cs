using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

/// <summary>On made-up files of /proc and /sys, as machines and containers have them.</summary>
public class ControlGroupsTests
{
    private readonly Dictionary<string, string> files = [];

    private ControlGroups Groups => new(path => files.TryGetValue(path, out var text) ? text.Split('\n') : null);

    [Fact]
    public void Version1_OwnGroupAndItsParents()
    {
        files["/proc/self/cgroup"] = "9:name=systemd:/\n4:cpu,memory:/jobs/mine\n0::/";
        files["/proc/self/mountinfo"] = "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n33 31 0:30 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory";
        Version1("/sys/fs/cgroup/memory/jobs/mine", "9223372036854771712", 500, 100);
        Version1("/sys/fs/cgroup/memory/jobs", "1200", 700, 0);
        Version1("/sys/fs/cgroup/memory", "9223372036854771712", 5000, 0);
        Assert.Contains((1200, 700), Groups.MemoryLimits());
        Assert.Equal(new DeviceMemory(1200, 500), Memory());
    }

    [Fact]
    public void Version1_ContainerThatSeesItsGroupAsTheRoot_AndNotItsParents()
    {
        files["/proc/self/cgroup"] = "4:memory:/docker/abc";
        files["/proc/self/mountinfo"] = "33 31 0:30 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory";
        Version1("/sys/fs/cgroup/memory", "9223372036854771712", 300, 0);
        files["/sys/fs/cgroup/memory/memory.stat"] = "cache 0\nhierarchical_memory_limit 1000\ntotal_inactive_file 50";
        Assert.Equal(new DeviceMemory(1000, 500), Memory());
        Assert.Contains((1000, 250), Groups.MemoryLimits());
    }

    [Theory]
    [InlineData("/", "/a/b", "/sys/fs/cgroup")]
    // As Docker mounts it where the group's own root is not the mount's, and with a space.
    [InlineData("/pod", "/pod/a/b", "/run/my\\040groups")]
    public void Version2_OwnGroupAndItsParents(string root, string path, string point)
    {
        files["/proc/self/cgroup"] = $"0::{path}";
        files["/proc/self/mountinfo"] = $"25 24 0:23 {root} {point} rw - cgroup2 cgroup2 rw,nsdelegate";
        point = point.Replace("\\040", " ", StringComparison.Ordinal);
        files[$"{point}/a/b/memory.max"] = "max";
        files[$"{point}/a/b/memory.current"] = "10";
        files[$"{point}/a/memory.max"] = "900";
        files[$"{point}/a/memory.current"] = "600";
        files[$"{point}/a/memory.stat"] = "anon 1\ninactive_file 200\n";
        Assert.Equal([(900, 400)], Groups.MemoryLimits());
        Assert.Equal(new DeviceMemory(900, 500), Memory());
    }

    [Fact]
    public void PathThatLeadsOut_IsTheMount()
    {
        files["/proc/self/cgroup"] = "0::/../../other";
        files["/proc/self/mountinfo"] = "25 24 0:23 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw";
        files["/sys/fs/cgroup/memory.max"] = "70";
        files["/sys/fs/cgroup/memory.current"] = "20";
        Assert.Equal([(70, 20)], Groups.MemoryLimits());
    }

    [Fact]
    public void WithoutGroups_ThereIsNoLimit() => Assert.Empty(Groups.MemoryLimits());

    [Fact]
    public void Kills_AreCountedWhereTheKernelTells()
    {
        Assert.Null(new MemoryKills(Groups.Kills).Any);
        files["/proc/vmstat"] = "pgfault 9\noom_kill 3\n";
        var kills = new MemoryKills(Groups.Kills);
        Assert.False(kills.Any);
        files["/proc/vmstat"] = "pgfault 9\noom_kill 4\n";
        Assert.True(kills.Any);
        files["/proc/self/cgroup"] = "4:memory:/x";
        files["/proc/self/mountinfo"] = "33 31 0:30 / /m ro - cgroup cgroup rw,memory";
        files["/m/x/memory.oom_control"] = "oom_kill_disable 0\nunder_oom 0\noom_kill 2";
        Assert.Equal(6, Groups.Kills());
    }

    [Fact]
    public void Bound_LeavesRoomForWhatTheTightestLimitHas() =>
        Assert.Equal(1000 + 300 + (2L << 23), MemoryBound.Bound(1000, [(900, 600), (5000, 100)], threads: 2));

    [Fact]
    public void ThisMachinesGroups_CanBeRead()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Groups are Linux's.");
        Assert.All(new ControlGroups().MemoryLimits(), limit => Assert.InRange(limit.Used, 0, long.MaxValue));
    }

    private DeviceMemory Memory() => DeviceMemory.OfLinux(10_000, 500, Groups.MemoryLimits().Select(limit => ((long, long)?)limit));

    private void Version1(string folder, string limit, long used, long inactive)
    {
        files[$"{folder}/memory.limit_in_bytes"] = limit;
        files[$"{folder}/memory.usage_in_bytes"] = $"{used}";
        files[$"{folder}/memory.stat"] = $"cache 5\ntotal_inactive_file {inactive}\n";
    }
}
