using Xunit;

namespace FreezeBench.Benchmarks.Tests.Build;

public sealed class CudaRestoreTests : IDisposable
{
    private static readonly string[] linux = ["-p:TorchHostOS=linux", "-p:TorchHostArchitecture=x64", "-p:TorchHostRoot=/nothing", "-p:NvidiaDriverPresent=true"];

    private readonly StubSolution solution = new();

    public void Dispose() => solution.Dispose();

    // On Linux the build below does.
    [Fact]
    public void Cuda_OnWindows_RestoresTheCudaPackages_AndNoCpuPackage()
    {
        solution.Dotnet("restore", "-p:TorchBackend=cuda", "-p:TorchHostOS=windows", "-p:TorchHostArchitecture=x64");

        Assert.Equal(["TorchSharp-cuda-windows/0.107.0", "TorchSharp/0.107.0", "libtorch-cuda-12.8-win-x64/2.10.0"], solution.Restored());
    }

    [Fact]
    public void Switching_ReplacesPackagesFilesAndStamp_AndNeverWritesIntoThePackageCache()
    {
        AssertBuild("cpu", "cpu (as asked by TorchBackend)", "libtorch-cpu-linux-x64", ["libLibTorchSharp.so", "libtorch_cpu.so"]);
        AssertBuild(
            "auto", "cuda (auto: found an NVIDIA driver)", "libtorch-cuda-12.8-linux-x64",
            ["libLibTorchSharp.so", "libtorch_cpu.so", "libtorch_cuda.so"]);
        Assert.Equal(["TorchSharp-cuda-linux/0.107.0", "TorchSharp/0.107.0", "libtorch-cuda-12.8-linux-x64/2.10.0"], solution.Restored());
        AssertBuild("cpu", "cpu (as asked by TorchBackend)", "libtorch-cpu-linux-x64", ["libLibTorchSharp.so", "libtorch_cpu.so"]);

        // Both packages have a libtorch_cpu.so, and the output is a link to one of them. Written through, it would change
        // the other package for every project on the machine.
        Assert.Equal("torch_cpu of libtorch-cpu-linux-x64", solution.Cached("libtorch-cpu-linux-x64"));
        Assert.Equal("torch_cpu of libtorch-cuda-12.8-linux-x64", solution.Cached("libtorch-cuda-12.8-linux-x64"));

        var error = Assert.Throws<InvalidOperationException>(() => solution.Dotnet("build", ["--no-restore", .. linux]));
        Assert.Contains(
            "error FREEZEBENCH002: TorchBackend is cuda (auto: found an NVIDIA driver), but the last restore was for another one.",
            error.Message, StringComparison.Ordinal);
    }

    private void AssertBuild(string backend, string said, string package, string[] files)
    {
        var output = solution.Dotnet("build", [$"-p:TorchBackend={backend}", .. linux]);

        var line = Assert.Single(output.Split('\n'), line => line.Contains("TorchBackend:", StringComparison.Ordinal));
        Assert.Contains($"TorchBackend: {said}; package ", line, StringComparison.Ordinal);
        // What nobody has asked for says how to ask for the other.
        Assert.Equal(backend == "auto", line.TrimEnd().EndsWith("; -p:TorchBackend=cpu builds without CUDA", StringComparison.Ordinal));
        Assert.Contains(solution.Restored(), id => id.StartsWith(package, StringComparison.Ordinal));
        Assert.Contains(
            $"AssemblyMetadata(\"TorchBackend\", \"{said.Split(' ')[0]}\")", solution.AssemblyInfo(), StringComparison.Ordinal);
        Assert.Equal(files, Directory.GetFiles(solution.Natives).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal($"torch_cpu of {package}", File.ReadAllText(Path.Combine(solution.Natives, "libtorch_cpu.so")));
    }
}
