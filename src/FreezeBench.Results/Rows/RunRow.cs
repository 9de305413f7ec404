using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>How one training run ended. A run that was interrupted and resumed has a row for each end; the last one counts.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added at the end of the layout, never renamed.</remarks>
public sealed record RunRow : TrainingRow, IMeasuredRow
{
    /// <summary>Status of a run that trained all its epochs.</summary>
    public const string Finished = "finished";

    /// <summary>Status of a run that stopped because it was good enough.</summary>
    public const string TargetReached = "target_reached";

    /// <summary>Status of a run that the user stopped.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Status of a run whose loss left the range of numbers: too high a learning rate.</summary>
    public const string Diverged = "diverged";

    /// <summary>The file of these rows.</summary>
    public static string FileName => "runs.csv";

    /// <inheritdoc/>
    public static IReadOnlyList<string> Layout { get; } =
    [
        """
        schema_version run_id environment_id utc_time commit dirty dataset data_hash backbone weights policy class_selection classes seed
        resolution_px batch_size device deterministic status resumptions epochs_done epochs train_time_s evaluation_time_s test_accuracy_fraction
        target_accuracy_fraction epochs_to_target target_train_time_s final_weights_sha256
        """,
        "",
        "precision throttled energy_j energy_source temperature_max_c clock_min_mhz throttle_reasons",
        "kernels trainable_parameters total_parameters trained_checkpoint_bytes",
        "node others_busy_cores",
        "head shots",
    ];

    /// <summary>finished, target_reached, interrupted, or diverged where the loss was no number any more.</summary>
    public required string Status { get; init; }

    /// <summary>How many times the run was taken up again after an interruption.</summary>
    [Unit("1")]
    public required int Resumptions { get; init; }

    /// <summary>Epochs that ended.</summary>
    [Unit("epochs")]
    public required int EpochsDone { get; init; }

    /// <summary>Sum of the epochs' train_time_s.</summary>
    [Unit("s")]
    public required double TrainTimeS { get; init; }

    /// <summary>Sum of the epochs' evaluation_time_s.</summary>
    [Unit("s")]
    public required double EvaluationTimeS { get; init; }

    /// <summary>Share of test images classified correctly after the last epoch; unknown where none ended.</summary>
    [Unit("fraction")]
    public required double? TestAccuracyFraction { get; init; }

    /// <summary>Test accuracy at which the run was to stop; unknown where there was no target.</summary>
    [Unit("fraction")]
    public required double? TargetAccuracyFraction { get; init; }

    /// <summary>First epoch whose test accuracy reached the target; unknown where none did.</summary>
    [Unit("epochs")]
    public required int? EpochsToTarget { get; init; }

    /// <summary>Training time up to the end of that epoch, evaluation apart: the time to accuracy.</summary>
    [Unit("s")]
    public required double? TargetTrainTimeS { get; init; }

    /// <summary>SHA-256 over names and bytes of all parameters and buffers at the end: equal where two runs ended in the same weights.</summary>
    public required string FinalWeightsSha256 { get; init; }

    /// <summary>Whether the device's clocks were held down during the run, of a resumed one since it was last taken up: a GPU's by heat or power, an Intel CPU's by heat; unknown where nobody tells.</summary>
    public bool? Throttled { get; init; }

    /// <summary>Sum of the epochs' energy_j; unknown where one is.</summary>
    [Unit("J")]
    public double? EnergyJ { get; init; }

    /// <summary>Highest temperature of the device during the run, of a resumed one since it was last taken up: of the GPU, or of the hottest CPU package.</summary>
    [Unit("degrees Celsius")]
    public double? TemperatureMaxC { get; init; }

    /// <summary>Lowest clock during the run, of a resumed one since it was last taken up: of a GPU's multiprocessors unless it was idle, or of the CPU's cores at work, which
    /// are taken to be the fastest ones, as many as there are threads.</summary>
    [Unit("MHz")]
    public double? ClockMinMhz { get; init; }

    /// <summary>What held the clocks down during the run, of a resumed one since it was last taken up: cpu_package_thermal, hw_power_brake_slowdown, hw_slowdown, hw_thermal_slowdown, sw_power_cap, sw_thermal_slowdown,
    /// joined by +; none where the device was watched and nothing did.</summary>
    public string ThrottleReasons { get; init; } = Unknown.Text;

    /// <summary>Parameters that train: numbers, not tensors; of a run that changes its policy, those of the last.</summary>
    [Unit("parameters")]
    public long? TrainableParameters { get; init; }

    /// <summary>All parameters of the network.</summary>
    [Unit("parameters")]
    public long? TotalParameters { get; init; }

    /// <summary>Bytes of a checkpoint of what trains: the trainable parameters' elements, by the size of their type.</summary>
    [Unit("bytes")]
    public long? TrainedCheckpointBytes { get; init; }
}
