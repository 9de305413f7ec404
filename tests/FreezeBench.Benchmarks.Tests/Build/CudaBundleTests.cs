using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>
/// A bundle for GPUs from a machine without one and without NVIDIA's driver: the bundle's own project, with programs of a line in the place of ours and stubs of the packages,
/// which have 2 GB. What needs a GPU is asked where the bundle runs.
/// </summary>
public sealed class CudaBundleTests : IDisposable
{
    private const string Native = "lib/programs/runtimes/linux-x64/native/";
    private const string Runtime = "10.0.99";

    private readonly string root = Directory.CreateTempSubdirectory("freezebench-bundle-").FullName;

    public CudaBundleTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A bundle is made on Linux.");
        foreach (var file in new[] { "TorchBackend.props", "Directory.Build.props", "Directory.Packages.props", "Directory.Build.rsp", "global.json", "run-benchmarks.sh", "bench/peers/pytorch_twin.py", "src/FreezeBench.Bundle/FreezeBench.Bundle.csproj", "src/FreezeBench.Bundle/pack.sh" })
            Write(file, File.ReadAllText(Path.Combine(Shell.Root, file)));
        var feed = new StubFeed(At("feed"));
        // The first part of a library that is put together on the first build, as in the real packages: a new file in the place of the old one.
        feed.Pack("libtorch-cuda-12.8-linux-x64", "2.10.0",
            ("lib/net8.0/_._", []), (Of("libtorch_cpu.so"), "cpu"u8.ToArray()), (Of("libtorch_cuda.so"), "half"u8.ToArray()), (Of("libcudnn.so.9"), "cudnn"u8.ToArray()), (Of("libtorch_python.so"), "python"u8.ToArray()),
            ("rest/libtorch_cuda.so", "the whole"u8.ToArray()),
            ("buildTransitive/libtorch-cuda-12.8-linux-x64.targets", Encoding.UTF8.GetBytes($"""
                <Project>
                  <Target Name="FileRestitch" AfterTargets="ResolveReferences" BeforeTargets="PrepareForBuild" Condition="Exists('$(MSBuildThisFileDirectory)../rest/libtorch_cuda.so')">
                    <Exec Command="mv -f '$(MSBuildThisFileDirectory)../rest/libtorch_cuda.so' '$(MSBuildThisFileDirectory)../{Of("libtorch_cuda.so")}'" />
                  </Target>
                </Project>
                """)));
        feed.Pack("Microsoft.NETCore.App.Runtime.linux-x64", Runtime, ("LICENSE.TXT", []), ("THIRD-PARTY-NOTICES.TXT", []), ("runtimes/linux-x64/lib/net10.0/System.Stub.dll", []), (Of("libcoreclr.so"), []), (Of("libhostfxr.so"), []));
        feed.Pack("Microsoft.NETCore.App.Host.linux-x64", Runtime, (Of("apphost"), File.ReadAllBytes(StartProgram())));
        Write("nuget.config", $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{At("packages")}" /></config>
              <packageSources><clear /><add key="stubs" value="{feed.Folder}" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """);
        // What the compiler makes of a line of code is not the question, but of the library that has its stamp.
        Write("Directory.Build.targets", """<Project><Import Project="without-compiler.targets" Condition="'$(MSBuildProjectName)' != 'FreezeBench.Torch'" /></Project>""");
        Write("without-compiler.targets", $"""
            <Project>
              <PropertyGroup><ProduceReferenceAssembly>false</ProduceReferenceAssembly></PropertyGroup>
              <Target Name="CoreCompile">
                <Copy SourceFiles="{typeof(Assert).Assembly.Location}" DestinationFiles="@(IntermediateAssembly)" SkipUnchangedFiles="true" />
              </Target>
            </Project>
            """);
        Project("src/FreezeBench.Torch", """<Import Project="../../TorchBackend.props" />""");
        Project("src/FreezeBench.Accuracy", """<ItemGroup><ProjectReference Include="../FreezeBench.Torch/FreezeBench.Torch.csproj" /></ItemGroup>""", isProgram: true);
        Project("src/FreezeBench.Tool", "", isProgram: true);
        Project("bench", """<ItemGroup><ProjectReference Include="../src/FreezeBench.Accuracy/FreezeBench.Accuracy.csproj" /><Compile Remove="peers/**" /></ItemGroup>""", isProgram: true, name: "FreezeBench.Benchmarks");
    }

    public void Dispose()
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void BundleForGpus_IsMadeOnAMachineWithout_OfTheWholeLibraries()
    {
        var with = Bundle("gpu.tar.gz");
        Assert.Equal(["libLibTorchSharp.so", "libcudnn.so.9", "libtorch_cpu.so", "libtorch_cuda.so"], Natives(with));
        Assert.Equal("the whole", with[Native + "libtorch_cuda.so"]);
        foreach (var file in new[] { "bench", "accuracy", "freezebench", "run-benchmarks.sh", "bundle.json", "lib/programs/FreezeBench.Torch.dll", $"lib/dotnet/host/fxr/{Runtime}/libhostfxr.so", $"lib/dotnet/shared/Microsoft.NETCore.App/{Runtime}/System.Stub.dll" })
            Assert.Contains(file, with.Keys);
        // What the programs know of themselves: "cuda" in the values of the library's attribute.
        Assert.Contains("\u000cTorchBackend\u0004cuda", with["lib/programs/FreezeBench.Torch.dll"], StringComparison.Ordinal);
    }

    private static IEnumerable<string> Natives(IReadOnlyDictionary<string, string> bundle) => bundle.Keys.Where(path => path.StartsWith(Native, StringComparison.Ordinal)).Select(path => path[Native.Length..]).Order(StringComparer.Ordinal);

    private SortedDictionary<string, string> Bundle(string name)
    {
        // As run-benchmarks.sh says it, on a machine whose /dev and /proc show no GPU.
        var (exitCode, output) = Shell.Run([new("TorchBackend", "cuda")], "dotnet", root,
            ["build", "-c", "Release", "-v", "minimal", "-nologo", "-t:Bundle", "src/FreezeBench.Bundle", $"-p:BundleFile={At(name)}",
                $"-p:BundleRuntime={Runtime}", "-p:TorchHostRoot=/nothing", "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:GenerateDocumentationFile=false"]);
        Assert.True(exitCode == 0 && File.Exists(At(name)), output);
        Assert.Contains("TorchBackend: cuda (as asked by TorchBackend); package TorchSharp-cuda-linux", output, StringComparison.Ordinal);
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        using var unpacked = new GZipStream(File.OpenRead(At(name)), CompressionMode.Decompress);
        using var archive = new TarReader(unpacked);
        while (archive.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            if (entry.EntryType is not TarEntryType.Directory)
                files[entry.Name["freezebench-linux-x64/".Length..]] = Encoding.Latin1.GetString(content.ToArray());
        }
        return files;
    }

    // Of this SDK: its place for a program's name is looked for.
    private static string StartProgram()
    {
        var sdk = Shell.Dotnet(Shell.Root, "--info").Output.Split('\n').Select(line => line.Trim()).First(line => line.StartsWith("Base Path:", StringComparison.Ordinal))["Base Path:".Length..].Trim();
        return Path.Combine(sdk, "AppHostTemplate", "apphost");
    }

    private static string Of(string file) => $"runtimes/linux-x64/native/{file}";

    private string At(string name) => Path.Combine(root, name);

    private void Project(string folder, string text, bool isProgram = false, string? name = null)
    {
        name ??= Path.GetFileName(folder);
        Write($"{folder}/{name}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              {(isProgram ? "<PropertyGroup><OutputType>Exe</OutputType><UseAppHost>false</UseAppHost><DebugType>none</DebugType></PropertyGroup>" : "")}
              {text}
            </Project>
            """);
        if (isProgram)
            Write($"{folder}/Program.cs", "return 0;\n");
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
