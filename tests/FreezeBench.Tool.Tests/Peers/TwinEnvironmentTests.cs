using System.Text;
using System.Text.Json.Nodes;
using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Tool.Tests.Peers;

/// <summary>The twin describes and names a machine as our own programs do. Needs no torch.</summary>
public sealed class TwinEnvironmentTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-twin-").FullName;

    public static TheoryData<string> Machines => ["cpu", "gpu", "other"];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void ThisMachine_HasTheSameFacts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "The twin describes Linux and macOS.");
        var ours = JsonNode.Parse(EnvironmentFile.Render(MadeUpPeers.Ours with { Machine = MachineProbe.Capture() }))!["machine"]!.AsObject();

        var theirs = JsonNode.Parse(Python.WithTwin("print(json.dumps(twin.machine_facts()))"))!.AsObject();

        // Its runtime is Python, by design.
        ours.Remove("dotnet_version");
        theirs.Remove("dotnet_version");
        Assert.Equal(ours.ToJsonString(), theirs.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Id_IsOursOfTheSameFacts(string machine)
    {
        var record = machine switch
        {
            "cpu" => MadeUpPeers.Theirs,
            "gpu" => MadeUpPeers.Theirs with { Torch = MadeUpPeers.Theirs.Torch with { Device = "cuda:0" }, Gpu = GpuFacts.None with { Name = "NVIDIA H100 80GB HBM3", DriverVersion = "570.86.15" } },
            _ => MadeUpPeers.Theirs with { Machine = MadeUpPeers.Theirs.Machine with { CpuModel = "AMD EPYC 9V74 80-Core Processor", CpuFamily = Unknown.Text, CpuVectorExtension = "neon" } },
        };
        var path = Path.Combine(folder, EnvironmentFile.FileName);
        File.WriteAllBytes(path, EnvironmentFile.Render(record));

        Assert.Equal(record.Id, Python.WithTwin("print(twin.environment_id(json.load(open(sys.argv[2], encoding='utf-8'))))", path));
    }

    [Fact]
    public void File_IsOfOurVersion() => Assert.Equal(
        JsonNode.Parse(Encoding.UTF8.GetString(EnvironmentFile.Render(MadeUpPeers.Theirs)))!["schema_version"]!.ToString(),
        Python.WithTwin("print(twin.ENVIRONMENT_SCHEMA_VERSION)"));
}
