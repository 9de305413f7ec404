using System.IO.Compression;
using System.Xml.Linq;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>A folder of NuGet packages with the names and versions of the real ones, and a few bytes in place of libtorch.</summary>
internal sealed class StubFeed
{
    private static readonly XDocument versions = XDocument.Load(Path.Combine(Shell.Root, "Directory.Packages.props"));

    public StubFeed(string folder)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        var (torchSharp, libTorch) = (Version("TorchSharpVersion"), Version("LibTorchVersion"));
        Pack("TorchSharp", torchSharp, [], ["LibTorchSharp"]);
        Pack("libtorch-cpu-linux-x64", libTorch, [], ["torch_cpu"]);
        Pack("libtorch-cpu-win-x64", libTorch, [], ["torch_cpu"]);
        foreach (var (system, rid) in new[] { ("linux", "linux-x64"), ("windows", "win-x64") })
        {
            Pack($"libtorch-cuda-12.8-{rid}", libTorch, [], ["torch_cpu", "torch_cuda"]);
            Pack($"TorchSharp-cuda-{system}", torchSharp, [("TorchSharp", torchSharp), ($"libtorch-cuda-12.8-{rid}", libTorch)], []);
        }
    }

    public string Folder { get; }

    private static string Version(string property) => versions.Descendants(property).Single().Value;

    /// <summary>Makes a package.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="files">Paths in it and what they hold.</param>
    public void Pack(string id, string version, params (string Path, byte[] Content)[] files)
    {
        File.Delete(Path.Combine(Folder, $"{id}.{version}.nupkg"));
        using var package = Begin(id, version, []);
        foreach (var (path, content) in files)
        {
            using var entry = package.CreateEntry(path).Open();
            entry.Write(content);
        }
    }

    private void Pack(string id, string version, (string Id, string Version)[] dependencies, string[] libraries)
    {
        using var package = Begin(id, version, dependencies);
        Write(package, "lib/net8.0/_._", "");
        foreach (var library in libraries)
            Write(package, $"runtimes/linux-x64/native/lib{library}.so", $"{library} of {id}");
    }

    private ZipArchive Begin(string id, string version, (string Id, string Version)[] dependencies)
    {
        var package = ZipFile.Open(Path.Combine(Folder, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        var list = string.Concat(dependencies.Select(one => $"<dependency id=\"{one.Id}\" version=\"{one.Version}\" />"));
        Write(package, $"{id}.nuspec", $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{id}</id><version>{version}</version><authors>stub</authors><description>stub</description>
                <dependencies><group targetFramework="net8.0">{list}</group></dependencies>
              </metadata>
            </package>
            """);
        return package;
    }

    private static void Write(ZipArchive package, string path, string text)
    {
        using var writer = new StreamWriter(package.CreateEntry(path).Open());
        writer.Write(text);
    }
}
