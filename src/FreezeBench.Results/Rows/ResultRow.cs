namespace FreezeBench.Results.Rows;

/// <summary>What every row says that is no case: which layout it has, of which run and environment it is.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows.</remarks>
public abstract record ResultRow
{
    /// <summary>Version of the file's layout.</summary>
    [Unit("1")]
    public required int SchemaVersion { get; init; }

    /// <summary>Names the invocation that wrote the row, in remarks.csv, classes.csv and per-class.csv the one that it is about; sorts by time. With policy, kernels, head, shots, seed and
    /// class_selection it names the training run, in accuracy.csv, runs.csv and per-class.csv.</summary>
    public required string RunId { get; init; }

    /// <summary>Names the environment, described in the environment.json beside the file; of ML.NET with ONNX Runtime's version, never TorchSharp's. Two commits are compared within one id, machines by their workloads.</summary>
    public required string EnvironmentId { get; init; }
}
