using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FreezeBench.Tool.Tests.Packing;

/// <summary>
/// What a clone has of the tool, in a temporary place: packing and restoring write there, and neither into the working
/// tree nor into the tools and the package cache of the person who runs the tests.
/// </summary>
internal sealed class RepositoryCopy : IDisposable
{
    private static readonly string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private readonly string top = Directory.CreateTempSubdirectory("freezebench-pack-").FullName;

    internal RepositoryCopy()
    {
        // In a worktree .git is a file, and would point back at the repository.
        foreach (var file in Directory.EnumerateFiles(Repository.Root).Where(file => Path.GetFileName(file) != ".git"))
            Copy(file);
        foreach (var folder in new[] { ".config", "src/FreezeBench.Results", "src/FreezeBench.Tool" })
            CopyFolder(Path.Combine(Repository.Root, folder));
        Copy(Path.Combine(Repository.Root, ".packages", ".gitignore"));
        Directory.CreateDirectory(Elsewhere);

        // Lies above the copy, so its own nuget.config has the last word. What the build of these tests restored is there
        // already; nothing is asked of any network.
        var cache = PackageCache.Of("FreezeBench.Tool.Tests");
        File.WriteAllText(Path.Combine(top, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /></packageSources>
              <packageSourceMapping><clear /></packageSourceMapping>
              <fallbackPackageFolders><clear /><add key="restored" value="{cache}" /></fallbackPackageFolders>
            </configuration>
            """);
        environment["NUGET_PACKAGES"] = Cache;
        // Nor are the settings of the person asked: dotnet keeps there which tools it has restored.
        environment["DOTNET_CLI_HOME"] = Path.Combine(top, "home");
        File.WriteAllText(Once, $"""
            <Project>
              <Target Name="TakeWhatIsCompiled" BeforeTargets="CoreCompile">
                <PropertyGroup>
                  <AnyPlatforms>$([MSBuild]::EnsureTrailingSlash('$(MSBuildProjectDirectory)'))obj/$(Configuration)/net10.0/</AnyPlatforms>
                  <Compiled Condition="'$(RuntimeIdentifier)' != ''">$(AnyPlatforms)</Compiled>
                  <Compiled Condition="'$(RuntimeIdentifier)' == '' and !Exists('@(IntermediateAssembly)')">{Repository.Root}/src/$(MSBuildProjectName)/obj/{configuration}/net10.0/</Compiled>
                </PropertyGroup>
                <ItemGroup Condition="'$(Compiled)' != ''">
                  <CompiledFile Include="$(Compiled)$(AssemblyName).dll;$(Compiled)$(AssemblyName).pdb;$(Compiled)$(AssemblyName).xml;$(Compiled)refint/$(AssemblyName).dll" />
                </ItemGroup>
                <Copy SourceFiles="@(CompiledFile)" DestinationFiles="@(CompiledFile->Replace('$(Compiled)', '$(MSBuildProjectDirectory)/$(IntermediateOutputPath)'))" />
                <!-- Newer than what it was made of, so that the compiler is not asked; a source that changes later is newer again. -->
                <Touch Files="@(CompiledFile->Replace('$(Compiled)', '$(MSBuildProjectDirectory)/$(IntermediateOutputPath)'))" />
              </Target>
            </Project>
            """);
    }

    private readonly Dictionary<string, string> environment = new(StringComparer.Ordinal)
    {
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        // A property, by its name: analyzers have looked at the source, and take longer than the compiler.
        ["RunAnalyzers"] = "false",
        // The start program of an installed tool looks for the runtime here; this is the one that the tests run on.
        ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")),
    };

    /// <summary>The copy's top folder.</summary>
    internal string Root => Path.Combine(top, "clone");

    /// <summary>Where NuGet unpacks packages.</summary>
    internal string Cache => Path.Combine(top, "cache");

    /// <summary>The copy's package source.</summary>
    internal string Feed => Path.Combine(Root, ".packages");

    /// <summary>
    /// An option of dotnet that takes what the build of these tests compiled of the same source, and one compilation for all
    /// platforms, whose code differs in nothing: half a minute less. What has changed since is compiled.
    /// </summary>
    internal IReadOnlyList<string> CompiledOnce => [$"-p:CustomAfterMicrosoftCommonTargets={Once}"];

    private string Once => Path.Combine(top, "once.targets");

    /// <summary>A folder outside the copy.</summary>
    internal string Elsewhere => Path.Combine(top, "elsewhere");

    /// <summary>Runs dotnet; returns its exit code and all that it printed.</summary>
    internal (int ExitCode, string Output) Dotnet(string folder, params string[] arguments) => Run("dotnet", folder, arguments);

    /// <summary>Runs a program with an environment of its own.</summary>
    internal (int ExitCode, string Output) Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // "dotnet test" hands its own MSBuild down.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>The same as <see cref="Dotnet"/> in the copy's top folder; an error or a warning is the test's end.</summary>
    internal string Succeed(params string[] arguments)
    {
        var (exitCode, output) = Dotnet(Root, arguments);
        return exitCode == 0 && !output.Contains("warning", StringComparison.Ordinal)
            ? output
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)}: exit code {exitCode}\n{output}");
    }

    public void Dispose() => Directory.Delete(top, recursive: true);

    private void CopyFolder(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
            Copy(file);
        foreach (var inner in Directory.EnumerateDirectories(folder).Where(inner => Path.GetFileName(inner) is not ("bin" or "obj")))
            CopyFolder(inner);
    }

    private void Copy(string file)
    {
        var target = Path.Combine(Root, Path.GetRelativePath(Repository.Root, file));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(file, target);
    }
}
