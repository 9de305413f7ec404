using System.Globalization;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>TorchBackend.props on every machine of <see cref="GpuDetectionTests.Machines"/>, evaluated by one MSBuild process when first asked for.</summary>
public sealed class GpuDetection : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-gpu-").FullName;
    private readonly Lazy<IReadOnlyDictionary<string, (string Backend, string Reason, string Override)>> decided;

    public GpuDetection() => decided = new(Decide);

    /// <summary>What it decides where nobody has asked for a backend.</summary>
    /// <param name="files">Of the machine.</param>
    public (string Backend, string Reason, string Override) On(IReadOnlyList<string> files) => decided.Value[Key(files)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Dictionary<string, (string Backend, string Reason, string Override)> Decide()
    {
        File.WriteAllText(Path.Combine(folder, "one.proj"), $"""
            <Project>
              <Import Project="{Shell.Root}/TorchBackend.props" />
              <Target Name="Describe">
                <WriteLinesToFile File="$(Answer)" Lines="$(TorchBackendResolved)|$(TorchBackendReason)|$([MSBuild]::Escape('$(TorchBackendOverride)'))" />
              </Target>
            </Project>
            """);
        var machines = GpuDetectionTests.Machines.Select(row => row.Data.Item3).Index().Select(item => (item.Item, Root: Path.Combine(folder, item.Index.ToString(CultureInfo.InvariantCulture)))).ToList();
        foreach (var (files, root) in machines)
            foreach (var file in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, file))!);
                File.WriteAllText(Path.Combine(root, file), "");
            }
        var all = machines.Select(machine => $"<MSBuild Projects=\"one.proj\" Targets=\"Describe\" Properties=\"Answer={machine.Root}.txt;TorchHostRoot={machine.Root};TorchHostOS=linux;TorchHostArchitecture=x64\" />");
        File.WriteAllText(Path.Combine(folder, "all.proj"), $"<Project><Target Name=\"All\">{string.Concat(all)}</Target></Project>");

        var (exitCode, output) = Shell.Dotnet(folder, "msbuild", "all.proj", "-t:All", "-nologo", "-m:1");
        if (exitCode != 0)
            throw new InvalidOperationException(output);
        return machines.ToDictionary(machine => Key(machine.Item), machine => File.ReadAllText($"{machine.Root}.txt").TrimEnd('\r', '\n').Split('|') is [var backend, var reason, var otherwise] ? (backend, reason, otherwise) : throw new InvalidOperationException(output));
    }

    private static string Key(IEnumerable<string> files) => string.Join(' ', files);
}
