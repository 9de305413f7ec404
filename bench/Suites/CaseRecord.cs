using System.Text.Json;
using FreezeBench.Benchmarks.Settings;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>
/// What a case's process knows and BenchmarkDotNet cannot carry: parts of an operation, memory, the GPU's state. Written
/// when the process has measured, read by the parent.
/// </summary>
/// <param name="Parts">By phase name: milliseconds for every call of the benchmark method, warm-up calls included, in order.</param>
/// <param name="PeakMemoryBytes">GPU memory on CUDA, else resident host memory of the process; null: unknown.</param>
/// <param name="Throttled">Whether the GPU was throttled at any time; null: unknown.</param>
public sealed record CaseRecord(IReadOnlyDictionary<string, IReadOnlyList<double>> Parts, long? PeakMemoryBytes, bool? Throttled)
{
    /// <summary>What libtorch said in the case's process (<see cref="FreezeBench.Native.CudnnAutotuning"/>); null on the CPU.</summary>
    public bool? CudnnAutotune { get; init; }

    /// <summary>Writes the record where <see cref="Read"/> finds it.</summary>
    public void Write(BenchmarkSettings settings, string suite, string method, string policy)
    {
        Directory.CreateDirectory(settings.RecordFolder);
        File.WriteAllText(PathOf(settings, suite, method, policy), JsonSerializer.Serialize(this));
    }

    /// <summary>Reads the record of a case that has run.</summary>
    /// <exception cref="InvalidOperationException">The case left none.</exception>
    public static CaseRecord Read(BenchmarkSettings settings, string suite, string method, string policy)
    {
        var path = PathOf(settings, suite, method, policy);
        return File.Exists(path)
            ? JsonSerializer.Deserialize<CaseRecord>(File.ReadAllText(path))!
            : throw new InvalidOperationException($"Case {suite}.{method}({policy}) left no record at '{path}': its process did not reach its clean-up.");
    }

    private static string PathOf(BenchmarkSettings settings, string suite, string method, string policy) =>
        Path.Combine(settings.RecordFolder, $"{suite}-{method}-{policy}.json");
}
