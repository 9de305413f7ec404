using System.Globalization;
using System.Text;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>
/// Evaluates TorchBackend.props for every backend, machine and driver in one MSBuild process: a process for each of the
/// combinations would take a minute.
/// </summary>
public sealed class TorchBackendMatrix : IDisposable
{
    private static readonly string[] backends = ["", "auto", "cpu", "cuda", "CUDA", "rocm"];
    private static readonly string[] hosts =
        ["linux-x64", "linux-arm64", "windows-x64", "windows-arm64", "macos-arm64", "macos-x64", "unknown-x64"];

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-matrix-").FullName;
    private readonly Dictionary<(string, string, bool), Choice> choices = [];

    public TorchBackendMatrix()
    {
        File.WriteAllText(Path.Combine(folder, "one.proj"), $"""
            <Project>
              <Import Project="{Shell.Root}/TorchBackend.props" />
              <Target Name="Describe">
                <PropertyGroup>
                  <Packages>@(PackageReference, ' ')</Packages>
                  <Stamp>@(AssemblyMetadata->'%(Value)')</Stamp>
                </PropertyGroup>
                <WriteLinesToFile File="$(Answer)" Lines="$(Packages)|$(Stamp)|$(TorchBackendReason)|$(TorchBackendError)" />
              </Target>
            </Project>
            """);
        List<((string, string, bool) Case, string Answer)> cases = [];
        var all = new StringBuilder("<Project><Target Name=\"All\">\n");
        foreach (var backend in backends)
            foreach (var host in hosts)
                foreach (var driver in new[] { false, true })
                {
                    var answer = Path.Combine(folder, cases.Count.ToString(CultureInfo.InvariantCulture));
                    cases.Add(((backend, host, driver), answer));
                    var machine = $"TorchHostOS={host.Split('-')[0]};TorchHostArchitecture={host.Split('-')[1]}";
                    all.AppendLine(CultureInfo.InvariantCulture, $"""
                        <MSBuild Projects="one.proj" Targets="Describe"
                          Properties="Answer={answer};TorchBackend={backend};{machine};TorchHostRoot={folder}/nothing;NvidiaDriverPresent={driver}" />
                        """);
                }
        File.WriteAllText(Path.Combine(folder, "all.proj"), all.Append("</Target></Project>").ToString());

        var (exitCode, output) = Shell.Dotnet(folder, "msbuild", "all.proj", "-t:All", "-nologo", "-m:1");
        if (exitCode != 0)
            throw new InvalidOperationException(output);
        foreach (var (key, answer) in cases)
        {
            var parts = File.ReadAllText(answer).Trim().Split('|');
            choices[key] = new(parts[0].Trim(), parts[1], parts[2], parts[3]);
        }
    }

    /// <summary>The choice of TorchBackend.props for these.</summary>
    public Choice this[string backend, string host, bool driver] => choices[(backend, host, driver)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public sealed record Choice(string Packages, string Stamp, string Reason, string Error);
}
