using System.Globalization;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>libtorch reaches output folders as links to NuGet's package cache: 475 MB each would be copied otherwise.</summary>
public class HardLinkTests
{
    private const long Limit = 50 * 1024 * 1024;

    private static readonly string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public HardLinkTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads link counts with GNU find.");
        Assert.SkipUnless(Directory.Exists(cache), $"There is no package cache at {cache}.");
        Assert.SkipUnless(
            Find(cache, "-maxdepth", "0").Single().Device == Find(Shell.Root, "-maxdepth", "0").Single().Device,
            "The package cache is on another file system, where no file can be linked to: the build copies.");
    }

    [Fact]
    public void NativeFiles_AreTheCachesOwn()
    {
        var cached = Find(cache, "-type", "f").ToDictionary(file => file.Inode, file => file.Path);
        var natives = Find(Path.Combine(AppContext.BaseDirectory, "runtimes"), "-type", "f").ToList();

        Assert.Contains(natives, file => Path.GetFileName(file.Path).Contains("torch", StringComparison.OrdinalIgnoreCase));
        Assert.All(natives, file => Assert.True(cached.ContainsKey(file.Inode), $"{file.Path} is a copy."));
    }

    [Fact]
    public void BuildOfTheWholeSolution_AddsLessThan50MB()
    {
        var cached = Find(cache, "-type", "f").Select(file => file.Inode).ToHashSet();
        // One configuration's build: what a fresh clone has after one command. The peers are no part of the solution.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var added = Find(Shell.Root, "-type", "f", "(", "-path", $"*/bin/{configuration}/*", "-o", "-path", "*/obj/*", ")", "-not", "-path", "*/bench/peers/*")
            .Where(file => !cached.Contains(file.Inode)).DistinctBy(file => file.Inode).ToList();
        var total = added.Sum(file => file.Bytes);

        TestContext.Current.SendDiagnosticMessage($"{total / 1e6:F1} MB beyond the package cache");
        Assert.True(total < Limit, $"{total / 1e6:F1} MB, the largest: "
            + string.Join(", ", added.OrderByDescending(file => file.Bytes).Take(5).Select(file => $"{file.Path} {file.Bytes}")));
    }

    private static IEnumerable<Entry> Find(string folder, params string[] tests)
    {
        // The exit code tells of files that vanished meanwhile, which matters to nobody.
        var (_, output) = Shell.Run("find", folder, [folder, .. tests, "-printf", "%D %i %b %p\\n"]);
        foreach (var parts in output.Split('\n').Select(line => line.Split(' ', 4)).Where(parts => parts.Length == 4))
            // %b is in blocks of 512 bytes whatever the file system: what the file takes, as du counts.
            if (long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var blocks))
                yield return new(parts[0], $"{parts[0]}:{parts[1]}", blocks * 512, parts[3]);
    }

    private sealed record Entry(string Device, string Inode, long Bytes, string Path);
}
