using FreezeBench.Benchmarks.Settings;
using FreezeBench.Torch.Hardware;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>The program that starts the cases leaves the GPU to them: in exclusive mode it is for one process.</summary>
[Collection(ProgramHere.Collection)]
public sealed class ParentTests
{
    private static readonly CudaFacts madeUpGpu = new(Built: true, Available: true, Count: 1, _ => (9, 0));

    [Theory]
    [InlineData("--suites", "step", "--precision", "fp16", "--auto-batch")]
    [InlineData("--suites", "scaling", "--batch-sizes", "4", "--resolutions", "32", "--precision", "tf32")]
    public void Run_OnAGpu_ComesToItsCases_WithoutTouchingTheGpu(params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("freezebench-parent-").FullName;
        using var output = new TestConsole();
        using var progress = new TestConsole();
        progress.Profile.Width = output.Profile.Width = 2000;
        try
        {
            // This libtorch is the CPU's: whatever touches CUDA here throws. The process of the case is this test program, which has no such case.
            var exitCode = BenchmarkProgram.Run(
                ["--device", "cuda", "--quick", "--policies", "frozen", "--kernels", "fast", "--resolution", "32", "--batch-size", "4",
                    "--images-per-epoch", "8", "--threads", "1", "--filter", "*.Step*", "--out", folder, .. options],
                output, progress, madeUpGpu);

            Assert.Equal(1, exitCode);
            Assert.Contains("device      cuda:0 (as asked)", progress.Output, StringComparison.Ordinal);
            Assert.Contains("each in a process of its own", progress.Output, StringComparison.Ordinal);
            Assert.Contains("Failed:", progress.Output, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(BenchmarkSettings.Variable, null);
            Directory.Delete(folder, recursive: true);
        }
    }
}
