using System.Collections.Concurrent;
using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

/// <summary>Compiles the stand-in library with the given switches; skips the test where no C compiler is found.</summary>
internal static class NvmlStandIn
{
    private static readonly ConcurrentDictionary<string, string?> built = new();
    private static readonly string folder = Directory.CreateTempSubdirectory("freezebench-nvml-").FullName;
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(1);

    static NvmlStandIn() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);

    internal static string Library(params string[] switches) => Library("nvml", switches);

    /// <summary>CUDA's driver as the stand-in plays it.</summary>
    internal static string CudaLibrary(params string[] switches) => Library("cuda", switches);

    private static string Library(string which, string[] switches)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in is compiled with cc, which Windows lacks.");
        var path = built.GetOrAdd(string.Join(' ', [which, .. switches]), _ => Compile(which, switches));
        Assert.SkipWhen(path is null, "No C compiler (cc) on the PATH to build the stand-ins for NVIDIA's libraries.");
        return path!;
    }

    internal static Nvml Open(params string[] switches)
    {
        var nvml = Nvml.TryOpen(Library(switches));
        Assert.NotNull(nvml);
        return nvml;
    }

    private static string? Compile(string which, string[] switches)
    {
        // A name of its own for each variant: a loader that knows the name would hand out the first one again.
        var path = Path.Combine(folder, $"{which}{string.Concat(switches)}.so");
        var source = Path.Combine(AppContext.BaseDirectory, "Machine", $"{which}_stand_in.c");
        return ChildProcess.Ask("cc", ["-shared", "-fPIC", "-Wall", "-Werror", .. switches, "-o", path, source], longest) switch
        {
            null => null,
            { ExitCode: 0 } => path,
            var failed => throw new InvalidOperationException($"cc does not compile {source}: {failed.Errors}"),
        };
    }
}
