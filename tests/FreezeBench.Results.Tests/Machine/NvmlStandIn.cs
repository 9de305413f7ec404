using System.Collections.Concurrent;
using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

/// <summary>Compiles the stand-in library with the given switches; skips the test where no C compiler is found.</summary>
internal static class NvmlStandIn
{
    private static readonly ConcurrentDictionary<string, string?> built = new();
    private static readonly string folder = Directory.CreateTempSubdirectory("freezebench-nvml-").FullName;

    static NvmlStandIn() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);

    internal static string Library(params string[] switches)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in is compiled with cc, which Windows lacks.");
        var path = built.GetOrAdd(string.Join(' ', switches), key => Compile(key, switches));
        Assert.SkipWhen(path is null, "No C compiler (cc) on the PATH to build the stand-in for NVML.");
        return path!;
    }

    internal static Nvml Open(params string[] switches)
    {
        var nvml = Nvml.TryOpen(Library(switches));
        Assert.NotNull(nvml);
        return nvml;
    }

    private static string? Compile(string key, string[] switches)
    {
        // A name of its own for each variant: a loader that knows the name would hand out the first one again.
        var path = Path.Combine(folder, $"nvml{key.Replace(' ', '-')}.so");
        var source = Path.Combine(AppContext.BaseDirectory, "Machine", "nvml_stand_in.c");
        return ChildProcess.Output("cc", ["-shared", "-fPIC", "-Wall", "-Werror", .. switches, "-o", path, source]) is null ? null : path;
    }
}
