using Xunit;

namespace FreezeBench.Benchmarks.Tests.Build;

public class CudaRestoreTests
{
    [Theory]
    [InlineData("linux", "linux-x64")]
    [InlineData("windows", "win-x64")]
    public void Cuda_RestoresTheCudaPackages_AndNoCpuPackage(string system, string rid)
    {
        using var solution = new StubSolution();
        solution.Dotnet("restore", "TorchBackend=cuda", $"TorchHostOS={system}", "TorchHostArchitecture=x64");

        Assert.Equal(
            ["TorchSharp-cuda-" + system + "/0.107.0", "TorchSharp/0.107.0", $"libtorch-cuda-12.8-{rid}/2.10.0"], solution.Restored());
    }

    [Fact]
    public void Switching_ReplacesPackagesFilesAndStamp_AndNeverWritesIntoThePackageCache()
    {
        using var solution = new StubSolution();
        string[] machine = ["TorchHostOS=linux", "TorchHostArchitecture=x64", "NvidiaDriverPresent=true"];

        // Both backends have a libtorch_cpu.so. The output is a link to one package's file: written through, it would
        // change the other backend's package for every project on the machine.
        foreach (var (backend, why, package, files) in new[]
        {
            ("cpu", "as asked by TorchBackend", "libtorch-cpu-linux-x64", new[] { "libLibTorchSharp.so", "libtorch_cpu.so" }),
            ("auto", "auto: found an NVIDIA driver", "libtorch-cuda-12.8-linux-x64", ["libLibTorchSharp.so", "libtorch_cpu.so", "libtorch_cuda.so"]),
            ("cpu", "as asked by TorchBackend", "libtorch-cpu-linux-x64", ["libLibTorchSharp.so", "libtorch_cpu.so"]),
        })
        {
            var resolved = backend == "cpu" ? "cpu" : "cuda";
            var output = solution.Dotnet("build", [$"TorchBackend={backend}", .. machine]);

            Assert.Contains($"TorchBackend: {resolved} ({why}); package ", Assert.Single(output.Split('\n'), line => line.Contains("TorchBackend:", StringComparison.Ordinal)), StringComparison.Ordinal);
            Assert.Contains(solution.Restored(), id => id.StartsWith(package, StringComparison.Ordinal));
            Assert.Contains($"AssemblyMetadata(\"TorchBackend\", \"{resolved}\")", solution.AssemblyInfo(), StringComparison.Ordinal);
            Assert.Equal(files, Directory.GetFiles(solution.Natives).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Assert.Equal($"torch_cpu of {package}", File.ReadAllText(Path.Combine(solution.Natives, "libtorch_cpu.so")));
            AssertUnchanged(solution, package);
        }
        AssertUnchanged(solution, "libtorch-cuda-12.8-linux-x64");
    }

    private static void AssertUnchanged(StubSolution solution, string package) =>
        Assert.Equal($"torch_cpu of {package}", File.ReadAllText(Path.Combine(solution.Packages, package, "2.10.0/runtimes/linux-x64/native/libtorch_cpu.so")));
}
