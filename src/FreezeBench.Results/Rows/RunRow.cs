using CsvHelper;
using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>How one training run ended. A run that was interrupted and resumed has a row for each end; the last one counts.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added (with Since), never renamed.</remarks>
public sealed record RunRow : IResultRow
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

    /// <summary>Version of the file's layout.</summary>
    [CsvColumn("schema_version"), Unit("1")]
    public required int SchemaVersion { get; init; }

    /// <summary>Names the invocation; with policy, seed and class_selection it names the run, here and in accuracy.csv.</summary>
    [CsvColumn("run_id")]
    public required string RunId { get; init; }

    /// <summary>Names the environment, described in the environment.json beside the file. Rows of unlike ids must not share a ratio.</summary>
    [CsvColumn("environment_id")]
    public required string EnvironmentId { get; init; }

    /// <summary>When it ended, ISO 8601 in UTC.</summary>
    [CsvColumn("utc_time")]
    public required DateTimeOffset UtcTime { get; init; }

    /// <summary>Commit of the code that measured.</summary>
    [CsvColumn("commit")]
    public required string Commit { get; init; }

    /// <summary>Whether the working tree differed from the commit, the folder results and git-ignored files aside.</summary>
    [CsvColumn("dirty")]
    public required bool? Dirty { get; init; }

    /// <summary>Name of the data set.</summary>
    [CsvColumn("dataset")]
    public required string Dataset { get; init; }

    /// <summary>SHA-256 of the images and labels used.</summary>
    [CsvColumn("data_hash")]
    public required string DataHash { get; init; }

    /// <summary>Network, for example resnet18.</summary>
    [CsvColumn("backbone")]
    public required string Backbone { get; init; }

    /// <summary>Initial weights: random, or a file's name.</summary>
    [CsvColumn("weights")]
    public required string Weights { get; init; }

    /// <summary>Freezing policy, or probe-then-tune.</summary>
    [CsvColumn("policy")]
    public required string Policy { get; init; }

    /// <summary>Classes trained on, as asked for: all, how many from the first, or their names.</summary>
    [CsvColumn("class_selection")]
    public required string ClassSelection { get; init; }

    /// <summary>Outputs of the head.</summary>
    [CsvColumn("classes"), Unit("classes")]
    public required int Classes { get; init; }

    /// <summary>Seed of head, shuffling and augmentation.</summary>
    [CsvColumn("seed"), Unit("1")]
    public required int Seed { get; init; }

    /// <summary>Height and width of the images that the network sees.</summary>
    [CsvColumn("resolution_px"), Unit("px")]
    public required int ResolutionPx { get; init; }

    /// <summary>Images per step.</summary>
    [CsvColumn("batch_size"), Unit("images")]
    public required int BatchSize { get; init; }

    /// <summary>Device of the run: cpu or cuda:N.</summary>
    [CsvColumn("device")]
    public required string Device { get; init; }

    /// <summary>Whether only deterministic algorithms were used.</summary>
    [CsvColumn("deterministic")]
    public required bool Deterministic { get; init; }

    /// <summary>finished, target_reached, interrupted, or diverged where the loss was no number any more.</summary>
    [CsvColumn("status")]
    public required string Status { get; init; }

    /// <summary>How many times the run was taken up again after an interruption.</summary>
    [CsvColumn("resumptions"), Unit("1")]
    public required int Resumptions { get; init; }

    /// <summary>Epochs that ended.</summary>
    [CsvColumn("epochs_done"), Unit("epochs")]
    public required int EpochsDone { get; init; }

    /// <summary>Epochs the run was asked for.</summary>
    [CsvColumn("epochs"), Unit("epochs")]
    public required int Epochs { get; init; }

    /// <summary>Sum of the epochs' train_time_s.</summary>
    [CsvColumn("train_time_s"), Unit("s")]
    public required double TrainTimeS { get; init; }

    /// <summary>Sum of the epochs' evaluation_time_s.</summary>
    [CsvColumn("evaluation_time_s"), Unit("s")]
    public required double EvaluationTimeS { get; init; }

    /// <summary>Share of test images classified correctly after the last epoch; unknown where none ended.</summary>
    [CsvColumn("test_accuracy_fraction"), Unit("fraction")]
    public required double? TestAccuracyFraction { get; init; }

    /// <summary>Test accuracy at which the run was to stop; unknown where there was no target.</summary>
    [CsvColumn("target_accuracy_fraction"), Unit("fraction")]
    public required double? TargetAccuracyFraction { get; init; }

    /// <summary>First epoch whose test accuracy reached the target; unknown where none did.</summary>
    [CsvColumn("epochs_to_target"), Unit("epochs")]
    public required int? EpochsToTarget { get; init; }

    /// <summary>Training time up to the end of that epoch, evaluation apart: the time to accuracy.</summary>
    [CsvColumn("target_train_time_s"), Unit("s")]
    public required double? TargetTrainTimeS { get; init; }

    /// <summary>SHA-256 over names and bytes of all parameters and buffers at the end: equal where two runs ended in the same weights.</summary>
    [CsvColumn("final_weights_sha256")]
    public required string FinalWeightsSha256 { get; init; }

    /// <summary>Arithmetic: fp32, tf32, bf16 or fp16.</summary>
    [CsvColumn("precision"), Since(3)]
    public string Precision { get; init; } = Unknown.Text;

    /// <summary>Whether the device's clocks were held down during the run, of a resumed one since it was last taken up: a GPU's by heat or power, an Intel CPU's by heat; unknown where nobody tells.</summary>
    [CsvColumn("throttled"), Since(3)]
    public bool? Throttled { get; init; }

    /// <summary>Sum of the epochs' energy_j; unknown where one is.</summary>
    [CsvColumn("energy_j"), Unit("J"), Since(3)]
    public double? EnergyJ { get; init; }

    /// <summary>Who told the energy, whoever used it: nvml (the counter of the whole GPU), nvml-power (of a GPU without one: its power, sampled and summed), rapl (the CPU
    /// packages, memory apart); unknown where nobody did or this user may not ask.</summary>
    [CsvColumn("energy_source"), Since(3)]
    public string EnergySource { get; init; } = Unknown.Text;

    /// <summary>Highest temperature of the device during the run, of a resumed one since it was last taken up: of the GPU, or of the hottest CPU package.</summary>
    [CsvColumn("temperature_max_c"), Unit("degrees Celsius"), Since(3)]
    public double? TemperatureMaxC { get; init; }

    /// <summary>Lowest clock during the run, of a resumed one since it was last taken up: of a GPU's multiprocessors unless it was idle, or of the CPU's cores at work, which
    /// are taken to be the fastest ones, as many as there are threads.</summary>
    [CsvColumn("clock_min_mhz"), Unit("MHz"), Since(3)]
    public double? ClockMinMhz { get; init; }

    /// <summary>What held the clocks down during the run, of a resumed one since it was last taken up: cpu_package_thermal, hw_power_brake_slowdown, hw_slowdown, hw_thermal_slowdown, sw_power_cap, sw_thermal_slowdown,
    /// joined by +; none where the device was watched and nothing did.</summary>
    [CsvColumn("throttle_reasons"), Since(3)]
    public string ThrottleReasons { get; init; } = Unknown.Text;

    /// <summary>Whose layers and optimizer steps: plain (what a user's code costs: the framework's layers as they are, one optimizer call for each parameter) or fast
    /// (FreezeBench's own: folded BatchNorm, prepacked weights, gradients by taps, one optimizer call for many parameters). Rows from before the column are fast, those of a twin plain.</summary>
    [CsvColumn("kernels"), Since(4)]
    public required KernelKind Kernels { get; init; }

    /// <summary>Parameters that train: numbers, not tensors; of a run that changes its policy, those of the last.</summary>
    [CsvColumn("trainable_parameters"), Unit("parameters"), Since(4)]
    public long? TrainableParameters { get; init; }

    /// <summary>All parameters of the network.</summary>
    [CsvColumn("total_parameters"), Unit("parameters"), Since(4)]
    public long? TotalParameters { get; init; }

    /// <summary>Bytes of a checkpoint of what trains: the trainable parameters' elements, by the size of their type.</summary>
    [CsvColumn("trained_checkpoint_bytes"), Unit("bytes"), Since(4)]
    public long? TrainedCheckpointBytes { get; init; }
}
