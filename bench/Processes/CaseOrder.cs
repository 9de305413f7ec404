using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using FreezeBench.Results;

namespace FreezeBench.Benchmarks.Processes;

/// <summary>Which case a process is to run: what a program hands to the process that it starts of itself.</summary>
/// <param name="Type">The class of the benchmark, with its assembly.</param>
/// <param name="Method">The benchmark method.</param>
/// <param name="Parameters">Texts of the values that the case has of the class's parameters, by name.</param>
/// <param name="Job">How it is measured, as BenchmarkDotNet shows it.</param>
/// <param name="Pipe">Handle of the pipe to the program that asks, for the engine's lines.</param>
public sealed record CaseOrder(string Type, string Method, IReadOnlyDictionary<string, string> Parameters, string Job, string Pipe)
{
    /// <summary>For the program alone; users pass options.</summary>
    public const string Variable = "FREEZEBENCH_CASE";

    /// <summary>The order for a case.</summary>
    public static CaseOrder Of(BenchmarkCase benchmark, string pipe) => new(
        benchmark.Descriptor.Type.AssemblyQualifiedName!, benchmark.Descriptor.WorkloadMethod.Name,
        benchmark.Parameters.Items.ToDictionary(parameter => parameter.Name, parameter => Convert.ToString(parameter.Value, CultureInfo.InvariantCulture) ?? ""),
        benchmark.Job.DisplayInfo, pipe);

    /// <summary>The order that this process was started with.</summary>
    /// <exception cref="JsonException">What it was started with is no order.</exception>
    public static CaseOrder Received() => StrictJson.Read<CaseOrder>(Environment.GetEnvironmentVariable(Variable) ?? "") ?? throw new JsonException("it is null.");

    /// <summary>For <see cref="Received"/>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>The case, as this process makes it.</summary>
    /// <param name="config">Made as in the program that asks.</param>
    /// <exception cref="InvalidOperationException">This process has no such case, or measures it otherwise.</exception>
    public BenchmarkCase Find(IConfig config)
    {
        var cases = BenchmarkConverter.TypeToBenchmarks(System.Type.GetType(Type, throwOnError: true)!, config).BenchmarksCases.Where(IsOf).ToList();
        return cases is [var found]
            ? found
            : throw new InvalidOperationException($"This process makes {cases.Count} cases {Method}({string.Join(", ", Parameters.Values)}) with job {Job} of {Type}; the program that asks for it made one.");
    }

    private bool IsOf(BenchmarkCase benchmark)
    {
        var other = Of(benchmark, Pipe);
        return other.Method == Method && other.Job == Job && other.Parameters.Count == Parameters.Count && !other.Parameters.Except(Parameters).Any();
    }
}
