using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tests.Machine;
using Xunit;

namespace FreezeBench.Tool.Tests.Peers;

/// <summary>What the twin asks of a GPU, by our definitions: with made-up times, the stand-in for NVIDIA's management library that our own side is tested with, and whole cases on the CPU that is called a GPU.</summary>
public sealed class TwinGpuTests : IDisposable
{
    // The one GPU of the stand-in that is found by its identifier.
    private const string StandIn = """
        twin.NVML, twin.gpu_uuid = sys.argv[2], lambda device: "GPU-50000000-0000-0000-0000-000000000000"

        """;

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-twin-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // As GpuPhasesTests has it of ours: a GPU that works beside the host, and a queue that is full in a row of steps.
    [Fact]
    public void StepIsBoundBy_WhoeverTakesLonger_AsOurs() => Assert.Equal(["device 0.25 77 15", "device 0.85 77 15", "host 0.95 77 15", "host 1.0 77 15"], Python.WithTwin("""
        import types
        now = 0.0
        for host, gpu in ((5, 20), (17, 20), (19, 20), (20, 5)):
            done = steps = waits = 0
            def step(number):
                global now, done, steps
                steps += 1
                began = now
                now += host
                if steps % 11 != 1:
                    now = max(now, done - gpu / 10)
                done = max(done, began) + gpu
            def wait():
                global now, waits
                waits += 1
                now = max(now, done)
            twin.time = types.SimpleNamespace(perf_counter=lambda: now / 1000)
            bound = twin.step_bound(types.SimpleNamespace(step=step, synchronise=wait))
            print(bound["bound_by"], round(bound["host_issue_ratio"], 2), steps, waits)
        """).Split('\n'));

    [Fact]
    public void SlowSteps_AreTriedInOneRound_AndOneThatFailsIsNotKnown() => Assert.Equal("11 None", Python.WithTwin("""
        import types
        now = steps = 0
        def step(number):
            global now, steps
            now, steps = now + 1, steps + 1
        def failing(number):
            raise RuntimeError("CUDA error: an illegal memory access was encountered")
        twin.time = types.SimpleNamespace(perf_counter=lambda: now)
        twin.step_bound(types.SimpleNamespace(step=step, synchronise=lambda: None))
        print(steps, twin.known(twin.step_bound, types.SimpleNamespace(step=failing, synchronise=lambda: None)))
        """));

    // On a GPU an iteration is half a second; its sensors are read right before and right behind each measured one, in none of their times.
    [Fact]
    public void Iterations_AreAsLongAsOurs_AndWatchedAtTheirEnds() => Assert.Equal(
        ["10 10.0 [22, 32, 32, 42, 42, 52, 52, 62, 62, 72, 72, 82, 82, 92] [10]", "50 10.0 [102, 152, 152, 202, 202, 252, 252, 302, 302, 352, 352, 402, 402, 452] [50]"], Python.WithTwin("""
        import types
        now = calls = 0
        def run():
            global now, calls
            now, calls = now + 10_000_000, calls + 1
        class Watch:
            def __init__(self):
                self.ends, self.counts = [], set()
            def begin(self):
                global now
                now += 999_000_000
                self.ends.append(calls)
            def end(self, count):
                self.begin()
                self.counts.add(count)
        twin.time = types.SimpleNamespace(perf_counter_ns=lambda: now)
        for device in ("cpu", "cuda"):
            calls, watch = 0, Watch()
            operation = types.SimpleNamespace(run=run, parts={}, training=types.SimpleNamespace(device=types.SimpleNamespace(type=device)))
            result = twin.measure(operation, False, False, None, watch)
            print(result["operations"], max(result["samples"]), watch.ends, list(watch.counts))
        """).Split('\n'));

    // Of every variant what GpuWatch says after the same: the state of two spans, the last drivers' and the oldest ones' too.
    [Theory]
    [InlineData()]
    [InlineData("-DSLOWING")]
    [InlineData("-DIDLE")]
    [InlineData("-DCUDA14")]
    [InlineData("-DERRORS")]
    [InlineData("-DOLD_DRIVER")]
    [InlineData("-DMIG")]
    public void StateOfAGpu_IsOurs(params string[] variant)
    {
        string[] switches = ["-DDEVICES=2", .. variant];
        using var nvml = NvmlStandIn.Open(switches);
        var ours = Watched(new GpuWatch(nvml.Devices[1]));

        // A copy of its own, whose questions are counted anew; ours has asked for the clock once when it began.
        var copy = Path.Combine(folder, "nvml.so");
        File.Copy(NvmlStandIn.Library(switches), copy);
        Assert.Equal(ours, Python.WithTwin(StandIn + """
            watch = twin.GpuWatch("cuda:0")
            if watch.gpu:
                watch.number("nvmlDeviceGetClockInfo", twin.ctypes.c_uint, 1)
            for span in range(2):
                watch.begin()
                watch.end(3)
            print(*(twin.cell(value) for value in watch.state().values()))
            """, copy));
    }

    // 250 mJ at each question, of which two are a span's: of the whole operation, where the spans took half a second together.
    [Theory]
    [InlineData("-DCOUNTING", 0.3, "0.125 nvml")]
    [InlineData("-DCOUNTING", 0.2, "unknown unknown")]
    [InlineData("-DRELOADED", 0.3, "unknown unknown")]
    [InlineData("-DNO_COUNTER", 0.3, "unknown unknown")]
    [InlineData("-DMIG", 0.3, "unknown unknown")]
    [InlineData("", 0.3, "unknown unknown")]
    public void EnergyOfAnOperation_IsTheCountersOfAllSpans_ByOurRules(string variant, double spanS, string expected) => Assert.Equal(expected, Python.WithTwin(StandIn + $$"""
        import types
        now = 0
        twin.time = types.SimpleNamespace(perf_counter_ns=lambda: now)
        watch = twin.GpuWatch("cuda:0")
        for span in range(2):
            watch.begin()
            now += {{FormattableString.Invariant($"{spanS}")}} * 1e9
            watch.end(2)
        print(*(twin.cell(value) for value in watch.energy().values()))
        """, NvmlStandIn.Library(["-DDEVICES=2", .. variant is "" ? (string[])[] : [variant]])));

    [Fact]
    public void GpuThatNvmlDoesNotFind_AndNoNvml_LeaveAllUnknown() => Assert.Equal("True True True", Python.WithTwin("""
        twin.gpu_uuid = lambda device: "GPU-none"
        def is_blind(library, device):
            twin.NVML = library
            watch = twin.GpuWatch(device)
            watch.begin()
            watch.end(1)
            return watch.gpu is None and not any(value for values in (watch.state(), watch.energy()) for value in values.values())
        print(is_blind(sys.argv[2], "cuda:0"), is_blind("no-such-library.so", "cuda:0"), is_blind(sys.argv[2], None))
        """, NvmlStandIn.Library()));

    private static string Watched(GpuWatch watch)
    {
        for (var span = 0; span < 2; span++)
        {
            watch.BeginSpan();
            watch.EndSpan();
        }
        var state = watch.State;
        string Cell(object? value) => value switch { null => "unknown", bool known => known ? "true" : "false", _ => FormattableString.Invariant($"{value}") };
        return string.Join(' ', new object?[] { state.Throttled, state.TemperatureMaxC, state.ClockMinMhz, state.ThrottleReasons, state.ClockStartMhz, state.ClockEndMhz }.Select(Cell));
    }

    /// <summary>Whole cases, as the program runs them on a GPU, whose tensors are the CPU's here; their rows are read by our own reader.</summary>
    [Fact]
    public void CasesOnAGpu_FillTheColumns_AsOurs()
    {
        Python.WithTwinAndTorch(StandIn + """
            import contextlib, io, pathlib, time, torch, types
            class Event:
                def __init__(self, enable_timing):
                    assert enable_timing
                def record(self):
                    self.at = time.perf_counter()
                def synchronize(self):
                    pass
                def elapsed_time(self, end):
                    return 1000 * (end.at - self.at)
            class Torch:
                device = staticmethod(lambda name: torch.device("cpu"))
                cuda = types.SimpleNamespace(device=lambda device: contextlib.nullcontext(), Event=Event)
                def __getattr__(self, name):
                    return getattr(torch, name)
            settings = twin.resolved(twin.parser().parse_args(["--quick", "--device", "cpu", "--batch-size", "2", "--resolution", "16", "--threads", "1", "--policies", "frozen", "--case", "", "", "", ""]))
            twin.torch, settings.device = Torch(), "cuda:0"
            # Cases of a quick run take less than the half second that energy needs.
            twin.GpuWatch.SHORTEST_S = 0
            began, memory = [], []
            first = twin.first_step
            twin.first_step = lambda *arguments: (began.append("step"), first(*arguments))
            twin.gpu_memory = lambda device: (began.append("memory"), (None, memory.pop(0)))[1]
            twin.matmul_peak = lambda device, number_type: 1e12
            stamp = {"schema_version": twin.SCHEMA_VERSION, "run_id": "20261129T000000Z-00000000", "environment_id": "gpu-00000000", "utc_time": "2026-11-29T00:00:00Z", "commit": "c" * 40, "dirty": False, "node": "unknown"}
            rows = []
            for method in ("Step", "Phases", "NoGradForward"):
                memory[:], began[:] = [1000, 4000], []
                printed = io.StringIO()
                with contextlib.redirect_stdout(printed):
                    twin.run_case(settings, "step", method, "frozen", "pytorch")
                # What CUDA's libraries load is on the GPU before its memory is looked at.
                assert began == ["step", "memory", "memory"], began
                rows += twin.rows_of(settings, stamp, ("step", method, "frozen", "pytorch"), {**json.loads(printed.getvalue()), "others_busy_cores": None})[0]
            twin.append(pathlib.Path(sys.argv[3]) / "benchmarks.csv", twin.BENCHMARK_COLUMNS, rows)
            """, NvmlStandIn.Library("-DDEVICES=2", "-DCOUNTING"), folder);

        var rows = ResultStore.Read<BenchmarkRow>(Path.Combine(folder, "benchmarks.csv"));

        Assert.Equal(["step", "step_synchronised", "data", "zero_grad", "forward", "loss", "backward", "optimizer", "no_grad_forward"], rows.Select(row => row.Phase));
        Assert.All(rows, row => Assert.Equal((1410, 1410, 1410, 3000, MemorySource.CardGrowth), (row.ClockStartMhz, row.ClockEndMhz, row.ClockMinMhz, row.PeakMemoryBytes, row.MemorySource)));
        Assert.All(rows, row => Assert.Equal((true, 61, "sw_thermal_slowdown"), (row.Throttled, row.TemperatureMaxC, row.ThrottleReasons)));
        Assert.All(rows, row => Assert.Equal(row.Phase is "step" or "step_synchronised" or "no_grad_forward" ? ("nvml", true) : ("unknown", false), (row.EnergySource, row.EnergyJ > 0)));
        Assert.All(rows, row => Assert.Equal((row.Phase == "step", row.Phase == "step"), (row.BoundBy is not null, row.HostIssueRatio > 0)));
        Assert.All(rows, row => Assert.Equal(row.Phase is not ("step" or "step_synchronised" or "no_grad_forward"), row.DeviceTimeMs > 0));
    }
}
