using Xunit;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>The repository's own solution refuses a bad choice before NuGet or the compiler says something misleading.</summary>
public class TorchBackendErrorTests
{
    private const string Error = "error FREEZEBENCH001: TorchBackend='rocm' is unknown. Valid values: auto, cpu, cuda.";

    [Theory]
    [InlineData("build", "Benchmarks.sln")]
    [InlineData("restore", "Benchmarks.sln")]
    [InlineData("build", "bench")]
    public void UnknownValue_StopsWithOneError(string command, string project)
    {
        var (exitCode, output) = Shell.Dotnet(Shell.Root, command, project, "-p:TorchBackend=rocm");

        Assert.NotEqual(0, exitCode);
        // Each error is printed where it happens and once more in the summary of a build.
        var errors = output.Split('\n').Select(line => line.Trim()).Distinct()
            .Where(line => line.Contains(": error ", StringComparison.Ordinal));
        Assert.Contains(Error, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void EnvironmentVariable_ChoosesTheBackend()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses the program env.");
        var (exitCode, output) = Shell.Run(
            "env", Shell.Root, "TorchBackend=rocm", "dotnet", "msbuild", "src/FreezeBench.Torch", "-t:CheckTorchBackend");

        Assert.NotEqual(0, exitCode);
        Assert.Contains(Error, output, StringComparison.Ordinal);
    }
}
