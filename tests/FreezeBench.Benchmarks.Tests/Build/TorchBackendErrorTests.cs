using Xunit;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>The repository's own solution refuses a bad choice before NuGet or the compiler says something misleading.</summary>
public class TorchBackendErrorTests
{
    private const string Error = "error FREEZEBENCH001: TorchBackend='rocm' is unknown. Valid values: auto, cpu, cuda.";

    [Theory]
    [InlineData("build", "Benchmarks.sln", false)]
    [InlineData("restore", "Benchmarks.sln", true)]
    [InlineData("build", "bench", false)]
    public void UnknownValue_StopsWithOneError_AlsoWhereTheEnvironmentChooses(string command, string project, bool inEnvironment)
    {
        KeyValuePair<string, string>[] environment = inEnvironment ? [new("TorchBackend", "rocm")] : [];
        var (exitCode, output) = Shell.Run(environment, "dotnet", Shell.Root, [command, project, "-m:1", .. inEnvironment ? (string[])[] : ["-p:TorchBackend=rocm"]]);

        Assert.NotEqual(0, exitCode);
        // Each error is printed where it happens and once more in the summary of a build.
        var errors = output.Split('\n').Select(line => line.Trim()).Distinct()
            .Where(line => line.Contains(": error ", StringComparison.Ordinal));
        Assert.Contains(Error, Assert.Single(errors), StringComparison.Ordinal);
    }
}
