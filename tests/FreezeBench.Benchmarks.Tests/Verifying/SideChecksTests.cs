using FreezeBench.Benchmarks.Verifying;
using Xunit;
using Solution = FreezeBench.Benchmarks.Tests.Build.Shell;

namespace FreezeBench.Benchmarks.Tests.Verifying;

public sealed class SideChecksTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // lib/programs beside lib/peers, as FreezeBench.Bundle.csproj lays them.
    [Fact]
    public void StepsInPyTorch_AreFoundInTheRepository_AndInABundle()
    {
        var programs = Directory.CreateDirectory(Path.Combine(folder, "lib", "programs")).FullName;
        Assert.Equal(Path.Combine(Solution.Root, "bench", "peers", "pytorch_twin.py"), SideChecks.Twin(programs, Solution.Root));
        Assert.Null(SideChecks.Twin(programs, folder));

        var peers = Directory.CreateDirectory(Path.Combine(folder, "lib", "peers")).FullName;
        File.WriteAllText(Path.Combine(peers, "pytorch_twin.py"), "");
        Assert.Equal(Path.Combine(peers, "pytorch_twin.py"), SideChecks.Twin(programs, folder));
        Assert.Contains("DestinationFolder=\"$(BundleFolder)lib/peers\"", File.ReadAllText(Path.Combine(Solution.Root, "src", "FreezeBench.Bundle", "FreezeBench.Bundle.csproj")), StringComparison.Ordinal);
    }
}
