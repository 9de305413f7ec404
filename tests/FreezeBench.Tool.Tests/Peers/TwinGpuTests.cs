using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Tool.Tests.Peers;

/// <summary>What the twin asks of a GPU, by our definitions: with made-up clocks, times and drivers, and whole cases on the CPU that is called a GPU.</summary>
public sealed class TwinGpuTests : IDisposable
{
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

    // On a GPU an iteration is half a second, its clock is read right before the first measured one and right behind the last, in none of their times.
    [Fact]
    public void Iterations_AreAsLongAsOurs_AndTheClockIsReadAtTheirEnds() => Assert.Equal(["10 10.0 22 92", "50 10.0 102 452"], Python.WithTwin("""
        import types
        now = calls = 0
        def run():
            global now, calls
            now, calls = now + 10_000_000, calls + 1
        def clock():
            global now
            now += 999_000_000
            return calls
        twin.time = types.SimpleNamespace(perf_counter_ns=lambda: now)
        for device in ("cpu", "cuda"):
            calls = 0
            operation = types.SimpleNamespace(run=run, parts={}, training=types.SimpleNamespace(device=types.SimpleNamespace(type=device)))
            result = twin.measure(operation, False, False, None, clock)
            print(result["operations"], max(result["samples"]), *result["clocks"])
        """).Split('\n'));

    // The driver: a GPU by its identifier, the clock of its multiprocessors, and whether it is idle; older ones have another name for that.
    [Fact]
    public void ClockOfAGpu_IsThatOfNvml_UnlessItIsIdle_AndNoneWhereItDoesNotTell() => Assert.Equal("1980 1980 None None None None", Python.WithTwin("""
        import types
        def clock_by(name, held, error):
            def by_uuid(uuid, out):
                out._obj.value = 77
                return uuid != b"GPU-ab-cd"
            def reasons(gpu, out):
                out._obj.value = held
                return gpu.value != 77
            def clock(gpu, which, out):
                out._obj.value = 1980
                return error or gpu.value != 77 or which != 1
            nvml = types.SimpleNamespace(nvmlInit_v2=lambda: 0, nvmlDeviceGetHandleByUUID=by_uuid, nvmlDeviceGetClockInfo=clock, **{name: reasons})
            twin.ctypes.CDLL = lambda name: nvml
            return twin.gpu_clock("cuda:1")()
        def missing(name):
            raise OSError(name)
        twin.gpu_uuid = lambda device: "GPU-ab-cd"
        newer, older = "nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons"
        told = [clock_by(*driver) for driver in ((newer, 0, 0), (older, 4, 0), (newer, 1, 0), (newer, 0, 3), ("another", 0, 0))]
        twin.ctypes.CDLL = missing
        print(*told, twin.gpu_clock("cuda:1")())
        """));

    /// <summary>Whole cases, as the program runs them on a GPU, whose tensors are the CPU's here; their rows are read by our own reader.</summary>
    [Fact]
    public void CasesOnAGpu_FillTheColumns_AsOurs()
    {
        Python.WithTwinAndTorch("""
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
            began, memory, clocks = [], [], []
            first = twin.first_step
            twin.first_step = lambda *arguments: (began.append("step"), first(*arguments))
            twin.gpu_memory = lambda device: (began.append("memory"), (None, memory.pop(0)))[1]
            twin.gpu_clock = lambda device: lambda: clocks.pop(0)
            twin.matmul_peak = lambda device, number_type: 1e12
            stamp = {"schema_version": twin.SCHEMA_VERSION, "run_id": "20261129T000000Z-00000000", "environment_id": "gpu-00000000", "utc_time": "2026-11-29T00:00:00Z", "commit": "c" * 40, "dirty": False, "node": "unknown"}
            rows = []
            for method in ("Step", "Phases", "NoGradForward"):
                memory[:], clocks[:], began[:] = [1000, 4000], [1980, 1755], []
                printed = io.StringIO()
                with contextlib.redirect_stdout(printed):
                    twin.run_case(settings, "step", method, "frozen", "pytorch")
                # What CUDA's libraries load is on the GPU before its memory is looked at.
                assert began == ["step", "memory", "memory"], began
                rows += twin.rows_of(settings, stamp, ("step", method, "frozen", "pytorch"), {**json.loads(printed.getvalue()), "others_busy_cores": None})[0]
            twin.append(pathlib.Path(sys.argv[2]) / "benchmarks.csv", twin.BENCHMARK_COLUMNS, rows)
            """, folder);

        var rows = ResultStore.Read<BenchmarkRow>(Path.Combine(folder, "benchmarks.csv"));

        Assert.Equal(["step", "step_synchronised", "data", "zero_grad", "forward", "loss", "backward", "optimizer", "no_grad_forward"], rows.Select(row => row.Phase));
        Assert.All(rows, row => Assert.Equal((1980, 1755, 3000, Results.Machine.MemorySource.CardGrowth), (row.ClockStartMhz, row.ClockEndMhz, row.PeakMemoryBytes, row.MemorySource)));
        Assert.All(rows, row => Assert.Equal((row.Phase == "step", row.Phase == "step"), (row.BoundBy is not null, row.HostIssueRatio > 0)));
        Assert.All(rows, row => Assert.Equal(row.Phase is not ("step" or "step_synchronised" or "no_grad_forward"), row.DeviceTimeMs > 0));
    }
}
