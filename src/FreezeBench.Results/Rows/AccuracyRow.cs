using CsvHelper;
using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>One epoch of one training run: settings, loss, accuracy and time.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added (with Since), never renamed.</remarks>
public sealed record AccuracyRow : IResultRow
{
    /// <summary>In <see cref="FeatureCache"/>: what the epoch took says nothing of what an extraction costs.</summary>
    public const string FeaturesFromDisk = "disk";

    /// <summary>The file of these rows.</summary>
    public static string FileName => "accuracy.csv";

    /// <summary>Version of the file's layout.</summary>
    [CsvColumn("schema_version"), Unit("1")]
    public required int SchemaVersion { get; init; }

    /// <summary>Names the invocation that wrote the row; sorts by time.</summary>
    [CsvColumn("run_id")]
    public required string RunId { get; init; }

    /// <summary>Names the environment, described in the environment.json beside the file. Rows of unlike ids must not share a ratio.</summary>
    [CsvColumn("environment_id")]
    public required string EnvironmentId { get; init; }

    /// <summary>End of the epoch, ISO 8601 in UTC.</summary>
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

    /// <summary>SHA-256 of the images and labels used, so that runs on unlike copies can be told apart.</summary>
    [CsvColumn("data_hash")]
    public required string DataHash { get; init; }

    /// <summary>Network, for example resnet18.</summary>
    [CsvColumn("backbone")]
    public required string Backbone { get; init; }

    /// <summary>Initial weights: random, or a file's name.</summary>
    [CsvColumn("weights")]
    public required string Weights { get; init; }

    /// <summary>SHA-256 of the weights file; unknown where there is none.</summary>
    [CsvColumn("weights_sha256")]
    public required string WeightsSha256 { get; init; }

    /// <summary>Freezing policy, or probe-then-tune, which changes from one to another in mid-run.</summary>
    [CsvColumn("policy")]
    public required string Policy { get; init; }

    /// <summary>Outputs of the head.</summary>
    [CsvColumn("classes"), Unit("classes")]
    public required int Classes { get; init; }

    /// <summary>Seed of head, shuffling and augmentation.</summary>
    [CsvColumn("seed"), Unit("1")]
    public required int Seed { get; init; }

    /// <summary>Number of the epoch just ended, from 1.</summary>
    [CsvColumn("epoch"), Unit("epochs")]
    public required int Epoch { get; init; }

    /// <summary>Epochs the run was asked for.</summary>
    [CsvColumn("epochs"), Unit("epochs")]
    public required int Epochs { get; init; }

    /// <summary>Height and width of the images that the network sees.</summary>
    [CsvColumn("resolution_px"), Unit("px")]
    public required int ResolutionPx { get; init; }

    /// <summary>Images per step.</summary>
    [CsvColumn("batch_size"), Unit("images")]
    public required int BatchSize { get; init; }

    /// <summary>Optimizer, for example sgd.</summary>
    [CsvColumn("optimizer")]
    public required string Optimizer { get; init; }

    /// <summary>Learning rate of the head at the epoch's first step.</summary>
    [CsvColumn("learning_rate_head"), Unit("1")]
    public required double LearningRateHead { get; init; }

    /// <summary>Learning rate of the trained part of the backbone at the epoch's first step; 0 where nothing of it trains.</summary>
    [CsvColumn("learning_rate_backbone"), Unit("1")]
    public required double LearningRateBackbone { get; init; }

    /// <summary>Momentum of the optimizer.</summary>
    [CsvColumn("momentum"), Unit("1")]
    public required double Momentum { get; init; }

    /// <summary>Weight decay of the optimizer.</summary>
    [CsvColumn("weight_decay"), Unit("1")]
    public required double WeightDecay { get; init; }

    /// <summary>Arithmetic: fp32, tf32, bf16 or fp16.</summary>
    [CsvColumn("precision")]
    public required string Precision { get; init; }

    /// <summary>Layout of images and weights: channels-last or contiguous.</summary>
    [CsvColumn("memory_format")]
    public required string MemoryFormat { get; init; }

    /// <summary>Threads that libtorch's operators use on the CPU.</summary>
    [CsvColumn("threads"), Unit("threads")]
    public required int Threads { get; init; }

    /// <summary>Device of the run: cpu or cuda:N.</summary>
    [CsvColumn("device")]
    public required string Device { get; init; }

    /// <summary>Whether only deterministic algorithms were used.</summary>
    [CsvColumn("deterministic")]
    public required bool Deterministic { get; init; }

    /// <summary>Mean cross-entropy over the epoch's training images, each at the time of its step.</summary>
    [CsvColumn("train_loss"), Unit("nats")]
    public required double TrainLoss { get; init; }

    /// <summary>Share of training images classified correctly, each at the time of its step.</summary>
    [CsvColumn("train_accuracy_fraction"), Unit("fraction")]
    public required double TrainAccuracyFraction { get; init; }

    /// <summary>Training images classified correctly.</summary>
    [CsvColumn("train_correct"), Unit("images")]
    public required int TrainCorrect { get; init; }

    /// <summary>Training images seen in the epoch.</summary>
    [CsvColumn("train_total"), Unit("images")]
    public required int TrainTotal { get; init; }

    /// <summary>Mean cross-entropy on the test set after the epoch.</summary>
    [CsvColumn("test_loss"), Unit("nats")]
    public required double TestLoss { get; init; }

    /// <summary>Share of test images classified correctly after the epoch.</summary>
    [CsvColumn("test_accuracy_fraction"), Unit("fraction")]
    public required double TestAccuracyFraction { get; init; }

    /// <summary>Test images classified correctly.</summary>
    [CsvColumn("test_correct"), Unit("images")]
    public required int TestCorrect { get; init; }

    /// <summary>Test images.</summary>
    [CsvColumn("test_total"), Unit("images")]
    public required int TestTotal { get; init; }

    /// <summary>Time of the epoch's training, evaluation excluded. In the first epoch of a policy that caches features it includes their extraction.</summary>
    [CsvColumn("train_time_s"), Unit("s")]
    public required double TrainTimeS { get; init; }

    /// <summary>Time of the evaluation after it. In the first epoch of a policy that caches features it includes the extraction of the test set's.</summary>
    [CsvColumn("evaluation_time_s"), Unit("s")]
    public required double EvaluationTimeS { get; init; }

    /// <summary>Training images divided by the training time.</summary>
    [CsvColumn("throughput_images_per_s"), Unit("images/s")]
    public required double ThroughputImagesPerS { get; init; }

    /// <summary>Largest absolute change of a BatchNorm running mean since the start of the run; unknown where it was not looked at.</summary>
    [CsvColumn("batch_norm_drift"), Unit("1")]
    public required double? BatchNormDrift { get; init; }

    /// <summary>Freezing policy in force in this epoch: under probe-then-tune first frozen-cached, then fine-tune.</summary>
    [CsvColumn("policy_in_force"), Since(2)]
    public required string PolicyInForce { get; init; }

    /// <summary>Classes trained on, as asked for: all, how many from the first, or their names.</summary>
    [CsvColumn("class_selection"), Since(2)]
    public required string ClassSelection { get; init; }

    /// <summary>Schedule of the learning rates: constant, step, cosine or one-cycle.</summary>
    [CsvColumn("schedule"), Since(2)]
    public required string Schedule { get; init; }

    /// <summary>Learning rate of the head that the schedule multiplies: its largest.</summary>
    [CsvColumn("base_learning_rate_head"), Unit("1"), Since(2)]
    public required double? BaseLearningRateHead { get; init; }

    /// <summary>Learning rate of the backbone that the schedule multiplies; 0 where nothing of it trains.</summary>
    [CsvColumn("base_learning_rate_backbone"), Unit("1"), Since(2)]
    public required double? BaseLearningRateBackbone { get; init; }

    /// <summary>Label smoothing of the training loss.</summary>
    [CsvColumn("label_smoothing"), Unit("1"), Since(2)]
    public required double? LabelSmoothing { get; init; }

    /// <summary>Random changes of training images: none, flip or crop-flip.</summary>
    [CsvColumn("augmentation"), Since(2)]
    public required string Augmentation { get; init; }

    /// <summary>The part of train_time_s that extracted features, or read them from disk (feature_cache); 0 where the epoch fetched none.</summary>
    [CsvColumn("feature_extraction_time_s"), Unit("s"), Since(2)]
    public required double? FeatureExtractionTimeS { get; init; }

    /// <summary>Batch size that was asked for. Where batch_size is smaller, it was halved until a step fitted into memory (--auto-batch).</summary>
    [CsvColumn("asked_batch_size"), Unit("images"), Since(3)]
    public int? AskedBatchSize { get; init; }

    /// <summary>Whether cuDNN chose its convolution algorithms by timing them; unknown on the CPU, which has none.</summary>
    [CsvColumn("cudnn_autotune"), Since(3)]
    public bool? CudnnAutotune { get; init; }

    /// <summary>Share of train_time_s in which steps waited for their batch: gathering, decoding, transforming, copying, as far as the host waits for it.</summary>
    [CsvColumn("data_share_fraction"), Unit("fraction"), Since(3)]
    public double? DataShareFraction { get; init; }

    /// <summary>Where the training images' features came from in this epoch: extracted, or disk, where an earlier extraction had left them. none where the epoch fetched no features.</summary>
    [CsvColumn("feature_cache"), Since(3)]
    public string FeatureCache { get; init; } = Unknown.Text;

    /// <summary>Energy of what train_time_s times, evaluation excluded; unknown too where that took less than the counter can tell (rapl 20 ms, nvml 0.5 s, nvml-power 5 s).</summary>
    [CsvColumn("energy_j"), Unit("J"), Since(3)]
    public double? EnergyJ { get; init; }

    /// <summary>Who told the energy, whoever used it: nvml (the counter of the whole GPU), nvml-power (of a GPU without one: its power, sampled and summed), rapl (the CPU
    /// packages, memory apart); unknown where nobody did or this user may not ask.</summary>
    [CsvColumn("energy_source"), Since(3)]
    public string EnergySource { get; init; } = Unknown.Text;

    /// <summary>Whose layers and optimizer steps: plain (what a user's code costs: the framework's layers as they are, one optimizer call for each parameter) or fast
    /// (FreezeBench's own: folded BatchNorm, prepacked weights, gradients by taps, one optimizer call for many parameters). Rows from before the column are fast, those of a twin plain.</summary>
    [CsvColumn("kernels"), Since(4)]
    public required KernelKind Kernels { get; init; }
}
