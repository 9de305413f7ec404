using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace FreezeBench.Tool.Tests.Packing;

/// <summary>The tool, packed and installed once for all tests of the class.</summary>
public sealed class PackedTool : IDisposable
{
    private readonly RepositoryCopy copy = new();

    public PackedTool()
    {
        try
        {
            Platforms = Property("ToolPlatforms").Split(';');
            copy.Succeed(["pack", "src/FreezeBench.Tool", "-v", "quiet", "-nologo", "-m:1", .. copy.CompiledOnce]);
            Packages = [.. Directory.GetFiles(copy.Feed, "*.nupkg").Order(StringComparer.Ordinal).Select(Package.Read)];
            Command = Path.Combine(copy.Elsewhere, "tools", OperatingSystem.IsWindows() ? "freezebench.exe" : "freezebench");
            if (IsForThisMachine)
                Installed = copy.Dotnet(copy.Elsewhere, "tool", "install", "freezebench", "--tool-path", "tools", "--add-source", copy.Feed);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>What there is a package for.</summary>
    public IReadOnlyList<string> Platforms { get; }

    /// <summary>All packages of the feed, by name.</summary>
    internal IReadOnlyList<Package> Packages { get; }

    /// <summary>The installed program.</summary>
    public string Command { get; }

    /// <summary>What the installation said.</summary>
    public (int ExitCode, string Output) Installed { get; }

    /// <summary>Whether one of the packages fits the machine of the test.</summary>
    public bool IsForThisMachine => Platforms.Contains(ThisPlatform);

    private static string ThisPlatform => OperatingSystem.IsMacOS() ? "osx" : RuntimeInformation.RuntimeIdentifier;

    internal RepositoryCopy Repository => copy;

    /// <summary>The installed tool on a command line, in the repository's top folder.</summary>
    public (int ExitCode, string Output) Run(params string[] arguments) => copy.Run(Command, Tests.Repository.Root, arguments);

    /// <summary>Packs anew what is built, for this machine alone.</summary>
    public void PackAgain() =>
        copy.Succeed("pack", "src/FreezeBench.Tool", "-v", "quiet", "-nologo", "-m:1", "--no-build", $"-p:ToolPlatforms={ThisPlatform}");

    public void Dispose() => copy.Dispose();

    private static string Property(string name) =>
        XDocument.Load(Path.Combine(Tests.Repository.Root, "src/FreezeBench.Tool/Packing.targets")).Descendants(name).Single().Value;
}
