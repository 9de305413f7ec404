using FreezeBench.Tool.Commands;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Packing;

/// <summary>The tool as people get it: packed, installed, restored.</summary>
public class PackingTests(PackedTool tool) : IClassFixture<PackedTool>
{
    /// <summary>15 MB: a download that nobody minds.</summary>
    private const long Limit = 15_000_000;

    [Fact]
    public void EveryPlatform_HasAPackage_BelowTheLimit()
    {
        Assert.Equal(
            tool.Platforms.Select(platform => $"freezebench.{platform}.0.1.0.nupkg").Append("freezebench.0.1.0.nupkg").Order(StringComparer.Ordinal),
            tool.Packages.Select(package => package.Name));
        Assert.All(tool.Packages, package => Assert.True(package.Bytes < Limit, $"{package.Name} has {package.Bytes} bytes."));
        TestContext.Current.SendDiagnosticMessage(string.Join(", ", tool.Packages.Select(package => $"{package.Name} {package.Bytes / 1e6:F1} MB")));
    }

    [Fact]
    public void Packages_HoldTheCodeOfTheirPlatform_AndNoTorch()
    {
        Assert.All(tool.Packages, package => Assert.DoesNotContain(package.Files, file => file.Contains("torch", StringComparison.OrdinalIgnoreCase)));
        foreach (var (platform, prefix, extension) in new[] { ("linux-x64", "lib", "so"), ("win-arm64", "lib", "dll"), ("osx", "lib", "dylib") })
        {
            var package = Assert.Single(tool.Packages, package => package.Name == $"freezebench.{platform}.0.1.0.nupkg");
            var names = package.Files.Select(file => Path.GetFileName(file)).ToList();
            Assert.Contains("FreezeBench.Tool.dll", names);
            // Native code is named in this way by SkiaSharp and HarfBuzzSharp; symbols would be 84 MB more.
            Assert.Equal(
                [$"{prefix}HarfBuzzSharp.{extension}", $"{prefix}SkiaSharp.{extension}"],
                names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void InstalledTool_Runs()
    {
        Assert.SkipUnless(tool.IsForThisMachine, $"There are packages for {string.Join(", ", tool.Platforms)} only.");
        Assert.True(tool.Installed.ExitCode == 0, tool.Installed.Output);

        Assert.Equal(0, tool.Run("list").ExitCode);
        Assert.Equal(ExitCode.BadInput, tool.Run("compair").ExitCode);
        var help = tool.Run("--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("compare", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void PackedAgainUnderTheSameVersion_RestoreGivesTheNewOne()
    {
        Assert.SkipUnless(tool.IsForThisMachine, $"There are packages for {string.Join(", ", tool.Platforms)} only.");
        tool.Repository.Succeed("tool", "restore");
        // The compiler has no part in it: a file that lies beside the code is changed.
        IEnumerable<string> Restored() => Directory.GetFiles(tool.Repository.Cache, "README.md", SearchOption.AllDirectories).Where(file => file.Contains("freezebench", StringComparison.OrdinalIgnoreCase));
        Assert.NotEmpty(Restored());
        Assert.All(Restored(), file => Assert.DoesNotContain("another text", File.ReadAllText(file), StringComparison.Ordinal));

        File.AppendAllText(Path.Combine(tool.Repository.Root, "src/FreezeBench.Tool/README.md"), "another text");
        tool.PackAgain();
        tool.Repository.Succeed("tool", "restore");

        Assert.NotEmpty(Restored());
        Assert.All(Restored(), file => Assert.Contains("another text", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.Contains("compare", tool.Repository.Succeed("freezebench", "--help"), StringComparison.Ordinal);
    }

    [Fact]
    public void ReportTarget_TurnsWhatTheToolSaysIntoAnError()
    {
        // Packing has built it: the target's own half is enough.
        var (exitCode, output) = tool.Repository.Dotnet(
            tool.Repository.Root, "msbuild", "src/FreezeBench.Tool", "-p:Configuration=Release", "-m:1", "-t:WriteReport", "-nologo", "-p:ReportFolder=nowhere");

        Assert.Equal(1, exitCode);
        Assert.Contains("error FREEZEBENCH003: The report was not made (exit code 2): Error: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void ReportTarget_WritesTheReport()
    {
        using var results = new MadeUpResults().Filled();
        var file = Path.Combine(tool.Repository.Elsewhere, "a report.md");

        tool.Repository.Succeed("build", "src/FreezeBench.Tool", "-c", "Release", "--no-restore", "-m:1", "-t:Report", $"-p:ReportFolder={results.Root}", $"-p:ReportOutput={file}");

        Assert.NotEqual("", File.ReadAllText(file));
    }
}
