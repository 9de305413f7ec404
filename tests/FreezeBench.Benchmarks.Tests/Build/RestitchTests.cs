using System.Security.Cryptography;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>What the CUDA packages' own task should have put together from fragments is looked at: the task prints its exceptions and goes on.</summary>
public sealed class RestitchTests : IDisposable
{
    private const string Library = "runtimes/linux-x64/native/libtorch_cuda.so";

    private readonly string root = Directory.CreateTempSubdirectory("freezebench-restitch-").FullName;
    private readonly string primary;
    private readonly string fragment;

    public RestitchTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The stand-in for the task is a shell script.");
        (primary, fragment) = (Path.Combine(root, "part3-primary", Library), Path.Combine(root, "part3-fragment1", "libtorch_cuda.so.fragment1"));
        Directory.CreateDirectory(Path.GetDirectoryName(primary)!);
        Directory.CreateDirectory(Path.GetDirectoryName(fragment)!);
        Directory.CreateDirectory(Path.Combine(root, "tmp"));
        var bytes = RandomNumberGenerator.GetBytes(64 * 1024);
        File.WriteAllBytes(primary, bytes[..16384]);
        File.WriteAllBytes(fragment, bytes[16384..]);
        File.WriteAllText(primary + ".sha", Convert.ToHexStringLower(SHA256.HashData(bytes)));
        // As in the packages: the whole is written to the temporary folder, then the first part deleted, then the whole moved; what goes
        // wrong is printed and forgotten. The blocks of the limit have 512 bytes.
        File.WriteAllText(Path.Combine(root, "stitch.sh"), $"""
            [ -f '{fragment}' ] && [ -f '{primary}' ] || exit 0
            ulimit -f "$1"
            trap '' XFSZ
            cat '{primary}' '{fragment}' > '{root}/tmp/whole' && rm '{primary}' && mv '{root}/tmp/whole' '{primary}' && rm '{fragment}'
            exit 0
            """.ReplaceLineEndings("\n"));
        File.WriteAllText(Path.Combine(root, "one.proj"), $"""
            <Project DefaultTargets="PrepareForBuild">
              <ItemGroup><RestitcherPackage Include="{root}/part3-primary/runtimes/" /></ItemGroup>
              <PropertyGroup><BaseIntermediateOutputPath>obj/</BaseIntermediateOutputPath></PropertyGroup>
              <Import Project="{Shell.Root}/TorchBackend.props" />
              <Target Name="ResolveReferences" />
              <Target Name="PrepareForBuild" DependsOnTargets="ResolveReferences" />
              <Target Name="FileRestitch" Outputs="%(RestitcherPackage.Identity).none" AfterTargets="ResolveReferences" BeforeTargets="PrepareForBuild">
                <Exec Command="sh stitch.sh $(Blocks)" />
              </Target>
            </Project>
            """);
    }

    public void Dispose()
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void WholeLibrary_IsHashedOnce_AndAgainWhenItHasChanged()
    {
        Assert.Equal((0, true), Built());
        Assert.Equal(64 * 1024, new FileInfo(primary).Length);
        Assert.Equal((0, false), Built());

        var bytes = File.ReadAllBytes(primary);
        bytes[5] ^= 1;
        File.WriteAllBytes(primary, bytes);
        var (exitCode, output) = Build("1000");
        Assert.NotEqual(0, exitCode);
        Assert.Contains($"error FREEZEBENCH006: A file of libtorch's CUDA packages was not put together from its fragments: {primary} is not what its .sha file states.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void FullTemporaryFolder_IsSaid_AndRoomHelps()
    {
        // 32 KiB.
        var (exitCode, output) = Build("64");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("error FREEZEBENCH006", output, StringComparison.Ordinal);
        Assert.Contains("TMPDIR names another", output, StringComparison.Ordinal);

        Assert.Equal((0, true), Built());
    }

    [Fact]
    public void LibraryThatWasDeletedBeforeItsMove_IsNamed()
    {
        File.Delete(primary);
        var (exitCode, output) = Build("1000");
        Assert.NotEqual(0, exitCode);
        Assert.Contains($"error FREEZEBENCH006: A file of libtorch's CUDA packages is missing where it should have been put together from fragments: {primary}.", output, StringComparison.Ordinal);
        Assert.Contains("delete the folders libtorch-cuda-* of NuGet's package cache first", output, StringComparison.Ordinal);
    }

    private (int ExitCode, bool Hashed) Built()
    {
        var (exitCode, output) = Build("1000");
        return (exitCode, output.Contains("Task \"GetFileHash\"", StringComparison.Ordinal));
    }

    private (int ExitCode, string Output) Build(string blocks) => Shell.Dotnet(
        root, "msbuild", "one.proj", "-nologo", "-v:detailed", $"-p:Blocks={blocks}", "-p:TorchBackend=cuda", "-p:TorchHostOS=linux", "-p:TorchHostArchitecture=x64");
}
