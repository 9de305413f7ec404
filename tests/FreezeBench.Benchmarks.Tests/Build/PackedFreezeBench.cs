using System.IO.Compression;
using System.Xml.Linq;
using FreezeBench.Tool.Tests.Packing;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>
/// The packages of the build that is tested, packed once, and a place for projects of their users. Nothing of the person who runs
/// the tests changes: what these projects restore, install and configure is in a temporary folder. (The tool has tests of its own.)
/// </summary>
public sealed class PackedFreezeBench : IDisposable
{
    /// <summary>The build's configuration.</summary>
    public static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static readonly string[] packed = ["src/FreezeBench.Kernels/FreezeBench.Kernels.csproj", "bench/FreezeBench.Benchmarks.csproj", "src/FreezeBench.Templates/FreezeBench.Templates.csproj"];

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-packed-").FullName;
    private readonly Dictionary<string, string> environment;

    public PackedFreezeBench()
    {
        try
        {
            // A version of its own: a package cache may hold packages of the usual one, which would be taken for these.
            var suffix = $"test{Environment.ProcessId}";
            // What "dotnet pack --no-build" asks of MSBuild, of all three at once: each start of it costs as much as its packing.
            var projects = string.Join(';', packed.Select(project => Path.Combine(Shell.Root, project)));
            File.WriteAllText(Path.Combine(folder, "pack.proj"), $"""
                <Project>
                  <Target Name="Pack">
                    <MSBuild Projects="{projects}" Targets="Pack" Properties="_IsPacking=true;NoBuild=true;Configuration={Configuration};PackageOutputPath={Feed};VersionSuffix={suffix}" />
                  </Target>
                </Project>
                """);
            Succeed(Shell.Dotnet(Shell.Root, "msbuild", Path.Combine(folder, "pack.proj"), "-t:Pack", "-nologo", "-v:quiet", "-m:1"));
            // What the build of these tests restored is there already; nothing is asked of any network, and libtorch is linked to, not copied.
            var restored = PackageCache.Of("FreezeBench.Benchmarks.Tests");
            File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
                <configuration>
                  <packageSources><clear /><add key="packed" value="{Feed}" /></packageSources>
                  <packageSourceMapping><clear /></packageSourceMapping>
                  <fallbackPackageFolders><clear /><add key="restored" value="{restored}" /></fallbackPackageFolders>
                </configuration>
                """);
            environment = new(StringComparer.Ordinal)
            {
                ["NUGET_PACKAGES"] = Path.Combine(folder, "packages"),
                ["DOTNET_CLI_HOME"] = Path.Combine(folder, "home"),
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_CLI_UI_LANGUAGE"] = "en",
                ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
                ["DOTNET_NOLOGO"] = "1",
                ["MSBUILDDISABLENODEREUSE"] = "1",
                // A property, by its name. Of a few lines of code it takes longer than the compiler.
                ["RunAnalyzers"] = "false",
            };
            Version = Path.GetFileNameWithoutExtension(Nupkg("FreezeBench.Templates"))["FreezeBench.Templates.".Length..];
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Of every package.</summary>
    public string Version { get; }

    private string Feed => Path.Combine(folder, "feed");

    /// <summary>The package's file.</summary>
    public string Nupkg(string id) => Directory.GetFiles(Feed, $"{id}.*.nupkg").Single();

    /// <summary>Names of the files that a package holds, those of the archive itself left out.</summary>
    public IReadOnlyList<string> Files(string id, bool symbols = false)
    {
        using var archive = ZipFile.OpenRead(symbols ? Path.ChangeExtension(Nupkg(id), ".snupkg") : Nupkg(id));
        return [.. archive.Entries.Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal) && name != "[Content_Types].xml" && !name.EndsWith(".nuspec", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>What a package says of itself.</summary>
    public XElement Metadata(string id)
    {
        using var archive = ZipFile.OpenRead(Nupkg(id));
        using var nuspec = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Root!.Elements().Single();
    }

    /// <summary>A new folder for a project of a user.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

    /// <summary>dotnet, as a user runs it there.</summary>
    public (int ExitCode, string Output) Dotnet(string project, params string[] arguments) => Shell.Run(environment, "dotnet", project, arguments);

    /// <summary>The output of a command that did what it was to do.</summary>
    public static string Succeed((int ExitCode, string Output) ended) => ended.ExitCode == 0 && !ended.Output.Contains("warning", StringComparison.Ordinal)
        ? ended.Output
        : throw new InvalidOperationException($"Exit code {ended.ExitCode}\n{ended.Output}");

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
