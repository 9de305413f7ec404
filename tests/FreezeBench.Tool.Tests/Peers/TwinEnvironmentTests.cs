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

    // nvidia-smi names this process or, as in a container, another one; a driver of Windows names it without a figure.
    [Theory]
    [InlineData("1, 500\\n{own}, 700\\n", "1, 500\\n{own}, 1900\\n", "1258291200 process-growth")]
    [InlineData("1, 500\\n", "1, 1900\\n", "3000 card-growth")]
    [InlineData("{own}, 700\\n", "{own}, [N/A]\\n", "3000 card-growth")]
    [InlineData("", "", "3000 card-growth")]
    public void MemoryOfAGpu_IsTheProcesssWhereTheDriverTellsIt_ElseTheWholeGpus_AsOurs(string before, string after, string expected) => Assert.Equal(expected, Python.WithTwin($$"""
        import os, types
        told, used = [text.replace("{own}", str(os.getpid())) for text in ("{{before}}", "{{after}}")], [1000, 4000]
        cuda = types.SimpleNamespace(synchronize=lambda device: None, mem_get_info=lambda device: (10000 - used.pop(0), 10000),
                                     get_device_properties=lambda device: types.SimpleNamespace(uuid="ab-cd"))
        twin.torch = types.SimpleNamespace(zeros=lambda *sizes, device: None, device=lambda name: name, cuda=cuda)
        twin.output_of = lambda *command: told.pop(0).strip() or None if command[:3] == ("nvidia-smi", "-i", "GPU-ab-cd") else 1 / 0
        print(*twin.peak_memory("cuda:0", twin.gpu_memory("cuda:0")))
        """));

    // openblas_get_parallel of OpenBLAS' cblas.h.
    [Theory]
    [InlineData("int openblas_get_parallel(void) { return 0; }", "openblas-serial")]
    [InlineData("int openblas_get_parallel(void) { return 1; }", "openblas-pthread")]
    [InlineData("int openblas_get_parallel(void) { return 2; }", "openblas-openmp")]
    [InlineData("int other(void) { return 2; }", "None")]
    public void OpenBlas_SaysWhoseThreadsItHas(string source, string expected)
    {
        var name = Python.WithTwin("""
            import os, shutil, subprocess
            source, library = [os.path.join(sys.argv[2], name) for name in ("stub.c", "libopenblas.so.0")]
            open(source, "w").write(sys.argv[3])
            print("no compiler" if shutil.which("cc") is None or subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source]).returncode else twin.openblas_name(library))
            """, folder, source);
        Assert.SkipWhen(name == "no compiler", "No C compiler (cc) on the PATH.");

        Assert.Equal(expected, name);
    }

    // On two cores an epoch of PyTorch 2.6 with such an OpenBLAS took half as long again as its steps.
    [Theory]
    [InlineData("openblas-pthread", "cpu", 2, true)]
    [InlineData("openblas-pthread", "cpu", 1, false)]
    [InlineData("openblas-pthread", "cuda:0", 2, false)]
    [InlineData("openblas-openmp", "cpu", 2, false)]
    [InlineData("mkl", "cpu", 2, false)]
    public void ThreadsOfOpenBlasBesidePyTorchs_AreSaid(string blas, string device, int threads, bool isSaid) => Assert.Equal(isSaid, Python.WithTwin($$"""
        import types
        twin.torch = types.SimpleNamespace(get_num_threads=lambda: {{threads}}, __config__=types.SimpleNamespace(show=lambda: "PyTorch built with: OpenMP 201511"))
        sys.stderr = sys.stdout
        twin.say_threads_of_blas("{{blas}}", types.SimpleNamespace(device="{{device}}"))
        """).Contains("an OpenBLAS with threads of its own beside PyTorch's", StringComparison.Ordinal));

    [Fact]
    public void MemoryOnTheCpu_IsTheProcesssPeak()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The twin reads it from /proc.");
        Assert.Matches("^[1-9][0-9]{6,} resident-peak$", Python.WithTwin("print(*twin.peak_memory('cpu', twin.gpu_memory('cpu')))"));
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
