using System.Globalization;
using System.Text.Json;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Benchmarks.Cases;

/// <summary>
/// What a case's process knows and BenchmarkDotNet cannot carry: parts of an operation, memory, the device's state, energy. Written
/// when the process has measured, read by the parent.
/// </summary>
/// <param name="Parts">By phase name: milliseconds for every call of the benchmark method, warm-up calls included, in order.</param>
/// <param name="PeakMemory">GPU memory on CUDA, else resident host memory of the process; null: unknown.</param>
/// <param name="MatmulFlopsPerS">Operations per second of a large matrix product in the case's process; null: not measured.</param>
public sealed record CaseRecord(IReadOnlyDictionary<string, IReadOnlyList<double>> Parts, MeasuredMemory? PeakMemory, double? MatmulFlopsPerS = null)
{
    // One number of 20 digits for each of 3 million calls.
    private const long LargestBytes = 64 << 20;

    /// <summary>Images per step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Measured iterations that the process saw: those in which device and energy were watched.</summary>
    public int MeasuredIterations { get; init; }

    /// <summary>What was seen of the device in the measured iterations.</summary>
    public WatchedState State { get; init; } = WatchedState.None;

    /// <summary>Energy of one operation in J, the mean over the measured iterations; null: unknown.</summary>
    public double? EnergyJ { get; init; }

    /// <summary>Who told it, or unknown.</summary>
    public string EnergySource { get; init; } = Unknown.Text;

    /// <summary>What libtorch said in the case's process (<see cref="FreezeBench.Torch.Arithmetic.CudnnAutotuning"/>); null on the CPU.</summary>
    public bool? CudnnAutotune { get; init; }

    /// <summary>What bounds a step on a GPU; null: unknown, or the case is of something else.</summary>
    public StepBound? Bound { get; init; }

    /// <summary>Time of phases on a GPU in ms, by their names; empty likewise.</summary>
    public IReadOnlyDictionary<string, double> DeviceTimesMs { get; init; } = new Dictionary<string, double>();

    /// <summary>How much of the case's network trains.</summary>
    public required ParameterCounts Parameters { get; init; }

    /// <summary>Writes the record where <see cref="Read"/> finds it.</summary>
    /// <param name="folder">Of the run.</param>
    /// <param name="method">The benchmark method.</param>
    /// <param name="of">The case's suite, policy and kernels, and its batch and resolution as they were asked for.</param>
    public void Write(string folder, string method, CaseSettings of)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(PathOf(folder, method, of), JsonSerializer.Serialize(this));
    }

    /// <summary>Reads the record of a case that has run.</summary>
    /// <inheritdoc cref="Write" path="/param"/>
    /// <exception cref="InvalidOperationException">The case left none, or none that can be read.</exception>
    public static CaseRecord Read(string folder, string method, CaseSettings of)
    {
        var path = PathOf(folder, method, of);
        return OwnFile.Json<CaseRecord>(path, LargestBytes) ?? throw new InvalidOperationException(File.Exists(path)
            ? $"The record of case {Name(method, of)} at '{path}' cannot be read, or its process could not write all of it. Look at the room on that disk."
            : $"Case {Name(method, of)} left no record at '{path}': its process did not reach its clean-up.");
    }

    // A policy such as lora:16 has a character that Windows takes in no file name.
    private static string PathOf(string folder, string method, CaseSettings of) => Path.Combine(folder, Name(method, of).Replace(':', '-') + ".json");

    private static string Name(string method, CaseSettings of) =>
        string.Create(CultureInfo.InvariantCulture, $"{of.Suite}-{method}-{of.Policy}-{of.Kernels?.Word()}-{of.BatchSize}x{of.ResolutionPx}px");
}
