using System.Text.Json;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>
/// The repository's build files in a temporary place, with a library and a program in place of FreezeBench and its
/// programs, and a feed of stubs as the only source: the CUDA packages are 2 GB, and not on every feed.
/// </summary>
internal sealed class StubSolution : IDisposable
{
    // Some assembly is there already, beside which are no symbols.
    private static readonly string[] withoutCompiler = ["-p:DebugType=none", "-p:ProduceReferenceAssembly=false", "-p:GenerateDocumentationFile=false"];

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-stub-").FullName;

    public StubSolution()
    {
        string[] files = ["TorchBackend.props", "Directory.Build.props", "Directory.Packages.props", "Directory.Build.rsp", "global.json"];
        foreach (var file in files)
            File.Copy(Path.Combine(Shell.Root, file), Path.Combine(folder, file));
        var feed = new StubFeed(Path.Combine(folder, "feed"));
        Write("nuget.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Packages}" /></config>
              <packageSources><clear /><add key="stubs" value="{feed.Folder}" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """);
        // What the compiler makes of two lines of code is not the question, and takes longer than all the rest.
        Write("Directory.Build.targets", $"""
            <Project>
              <Target Name="CoreCompile">
                <Copy SourceFiles="{typeof(Xunit.Assert).Assembly.Location}" DestinationFiles="@(IntermediateAssembly)" SkipUnchangedFiles="true" />
              </Target>
            </Project>
            """);
        Write("lib/lib.csproj", """<Project Sdk="Microsoft.NET.Sdk"><Import Project="../TorchBackend.props" /></Project>""");
        Write("app/app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><UseAppHost>false</UseAppHost></PropertyGroup>
              <ItemGroup><ProjectReference Include="../lib/lib.csproj" /></ItemGroup>
            </Project>
            """);
        Write("app/Program.cs", "return 0;\n");
    }

    private string Packages => Path.Combine(folder, "packages");

    public string Natives => Path.Combine(folder, "app/bin/Debug/net10.0/runtimes/linux-x64/native");

    /// <summary>"dotnet restore|build app" with these options; throws on an error or a warning.</summary>
    public string Dotnet(string command, params string[] options)
    {
        var (exitCode, output) = Shell.Dotnet(folder, [command, "app", "-m:1", .. withoutCompiler, .. options]);
        if (exitCode != 0 || output.Contains("warning", StringComparison.Ordinal))
            throw new InvalidOperationException(output);
        return output;
    }

    /// <summary>"id/version" of every package that the program restored.</summary>
    public IReadOnlyList<string> Restored()
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "app/obj/project.assets.json")));
        return [.. assets.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package")
            .Select(library => library.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>What the package's own libtorch_cpu.so holds in the package cache.</summary>
    public string Cached(string package) =>
        File.ReadAllText(Path.Combine(Packages, package, "2.10.0/runtimes/linux-x64/native/libtorch_cpu.so"));

    /// <summary>The generated attributes of the library.</summary>
    public string AssemblyInfo() => File.ReadAllText(Path.Combine(folder, "lib/obj/Debug/net10.0/lib.AssemblyInfo.cs"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
        File.WriteAllText(Path.Combine(folder, path), text);
    }
}
