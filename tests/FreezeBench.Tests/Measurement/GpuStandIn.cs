using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace FreezeBench.Tests.Measurement;

/// <summary>Compiles the stand-in for NVIDIA's libraries; skips the test where no C compiler is found.</summary>
internal sealed class GpuStandIn : IDisposable
{
    private readonly Temporary temporary = new();

    internal GpuStandIn(params string[] switches)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in is compiled with cc, which Windows lacks.");
        Library = Path.Combine(temporary.Folder, "stand-in.so");
        var source = Path.Combine(AppContext.BaseDirectory, "Measurement", "gpu_stand_in.c");
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo("cc", ["-shared", "-fPIC", "-Wall", "-Werror", .. switches, "-o", Library, source]))!;
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (Win32Exception)
        {
            Assert.Skip("No C compiler (cc) on the PATH to build the stand-in for NVIDIA's libraries.");
        }
    }

    internal string Library { get; }

    public void Dispose() => temporary.Dispose();
}
