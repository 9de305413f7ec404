using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>One epoch of one training run: settings, loss, accuracy and time.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added at the end of the layout, never renamed.</remarks>
public sealed record AccuracyRow : TrainingRow, IMeasuredRow
{
    /// <summary>In <see cref="FeatureCache"/>: what the epoch took says nothing of what an extraction costs.</summary>
    public const string FeaturesFromDisk = "disk";

    /// <summary>The file of these rows.</summary>
    public static string FileName => "accuracy.csv";

    /// <inheritdoc/>
    public static IReadOnlyList<string> Layout { get; } =
    [
        """
        schema_version run_id environment_id utc_time commit dirty dataset data_hash backbone weights weights_sha256 policy classes seed epoch
        epochs resolution_px batch_size optimizer learning_rate_head learning_rate_backbone momentum weight_decay precision memory_format threads
        device deterministic train_loss train_accuracy_fraction train_correct train_total test_loss test_accuracy_fraction test_correct test_total
        train_time_s evaluation_time_s throughput_images_per_s batch_norm_drift
        """,
        """
        policy_in_force class_selection schedule base_learning_rate_head base_learning_rate_backbone label_smoothing augmentation
        feature_extraction_time_s
        """,
        "asked_batch_size cudnn_autotune data_share_fraction feature_cache energy_j energy_source",
        "kernels",
        "node others_busy_cores",
        """
        head shots head_l2 test_top5_correct test_top5_accuracy_fraction test_balanced_accuracy_fraction learning_rate_decay unfreeze_every
        """,
    ];

    /// <summary>SHA-256 of the weights file; unknown where there is none.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>Number of the epoch just ended, from 1.</summary>
    [Unit("epochs")]
    public required int Epoch { get; init; }

    /// <summary>Optimizer, for example sgd; of a head that is not trained in steps its word, lbfgs or knn.</summary>
    public required string Optimizer { get; init; }

    /// <summary>Learning rate of the head at the epoch's first step.</summary>
    [Unit("1")]
    public required double LearningRateHead { get; init; }

    /// <summary>Learning rate of the trained part of the backbone at the epoch's first step, before learning_rate_decay; 0 where nothing of it trains.</summary>
    [Unit("1")]
    public required double LearningRateBackbone { get; init; }

    /// <summary>Momentum of the optimizer.</summary>
    [Unit("1")]
    public required double Momentum { get; init; }

    /// <summary>Weight decay of the optimizer.</summary>
    [Unit("1")]
    public required double WeightDecay { get; init; }

    /// <summary>Layout of images and weights: channels-last or contiguous.</summary>
    public required string MemoryFormat { get; init; }

    /// <summary>Threads that libtorch's operators use on the CPU.</summary>
    [Unit("threads")]
    public required int Threads { get; init; }

    /// <summary>Mean cross-entropy over the epoch's training images, each at the time of its step; of lbfgs with the head that was found, of knn as test_loss, each image by the
    /// others.</summary>
    [Unit("nats")]
    public required double TrainLoss { get; init; }

    /// <summary>Share of training images classified correctly, each at the time of its step.</summary>
    [Unit("fraction")]
    public required double TrainAccuracyFraction { get; init; }

    /// <summary>Training images classified correctly.</summary>
    [Unit("images")]
    public required int TrainCorrect { get; init; }

    /// <summary>Training images seen in the epoch.</summary>
    [Unit("images")]
    public required int TrainTotal { get; init; }

    /// <summary>Mean cross-entropy on the test set after the epoch; of knn that of the shares of the votes, where each class has one vote more of similarity -1.</summary>
    [Unit("nats")]
    public required double TestLoss { get; init; }

    /// <summary>Share of test images classified correctly after the epoch.</summary>
    [Unit("fraction")]
    public required double TestAccuracyFraction { get; init; }

    /// <summary>Test images classified correctly.</summary>
    [Unit("images")]
    public required int TestCorrect { get; init; }

    /// <summary>Test images.</summary>
    [Unit("images")]
    public required int TestTotal { get; init; }

    /// <summary>Time of the epoch's training, evaluation excluded. In the first epoch of a policy that caches features it includes their extraction.</summary>
    [Unit("s")]
    public required double TrainTimeS { get; init; }

    /// <summary>Time of the evaluation after it. In the first epoch of a policy that caches features it includes the extraction of the test set's.</summary>
    [Unit("s")]
    public required double EvaluationTimeS { get; init; }

    /// <summary>Training images divided by the training time.</summary>
    [Unit("images/s")]
    public required double ThroughputImagesPerS { get; init; }

    /// <summary>Largest absolute change of a BatchNorm running mean since the start of the run; unknown where it was not looked at.</summary>
    [Unit("1")]
    public required double? BatchNormDrift { get; init; }

    /// <summary>Freezing policy in force in this epoch: under probe-then-tune first frozen-cached, then fine-tune.</summary>
    public required string PolicyInForce { get; init; }

    /// <summary>Schedule of the learning rates: constant, step, cosine or one-cycle; none where the head is not trained in steps.</summary>
    public required string Schedule { get; init; }

    /// <summary>Learning rate of the head that the schedule multiplies: its largest.</summary>
    [Unit("1")]
    public required double? BaseLearningRateHead { get; init; }

    /// <summary>Learning rate of the backbone that the schedule multiplies; 0 where nothing of it trains.</summary>
    [Unit("1")]
    public required double? BaseLearningRateBackbone { get; init; }

    /// <summary>Label smoothing of the training loss.</summary>
    [Unit("1")]
    public required double? LabelSmoothing { get; init; }

    /// <summary>Random changes of training images: none, flip or crop-flip.</summary>
    public required string Augmentation { get; init; }

    /// <summary>The part of train_time_s that extracted features, or read them from disk (feature_cache); 0 where the epoch fetched none.</summary>
    [Unit("s")]
    public required double? FeatureExtractionTimeS { get; init; }

    /// <summary>Batch size that was asked for. Where batch_size is smaller, it was halved until a step fitted into memory (--auto-batch).</summary>
    [Unit("images")]
    public int? AskedBatchSize { get; init; }

    /// <summary>Whether cuDNN chose its convolution algorithms by timing them; unknown on the CPU, which has none.</summary>
    public bool? CudnnAutotune { get; init; }

    /// <summary>Share of train_time_s in which steps waited for their batch: gathering, decoding, transforming, copying, as far as the host waits for it.</summary>
    [Unit("fraction")]
    public double? DataShareFraction { get; init; }

    /// <summary>Where the training images' features came from in this epoch: extracted, or disk, where an earlier extraction had left them. none where the epoch fetched no features.</summary>
    public string FeatureCache { get; init; } = Unknown.Text;

    /// <summary>Energy of what train_time_s times, evaluation excluded; unknown too where that took less than the counter can tell (rapl 20 ms, nvml 0.5 s, nvml-power 5 s).</summary>
    [Unit("J")]
    public double? EnergyJ { get; init; }

    /// <summary>Strength of the L2 penalty that lbfgs chose on a part of the training images: l in mean cross-entropy + l/2 |W|^2 on centred features of mean square 1 (scikit-learn's C
    /// is 1 / (l n)); unknown for other heads.</summary>
    [Unit("1")]
    public double? HeadL2 { get; init; }

    /// <summary>Test images whose class is among the five largest outputs, ties counting against it; unknown where there are five classes or fewer.</summary>
    [Unit("images")]
    public int? TestTop5Correct { get; init; }

    /// <summary>The same as a share of the test images.</summary>
    [Unit("fraction")]
    public double? TestTop5AccuracyFraction { get; init; }

    /// <summary>Mean over the classes of the share of their test images classified correctly; classes without test images do not count.</summary>
    [Unit("fraction")]
    public double? TestBalancedAccuracyFraction { get; init; }

    /// <summary>Factor of the backbone's learning rate from stage to stage, from the head down: the stage before the head trains at the rate times it, the next at the rate times
    /// its square (--learning-rate-decay); unknown where all stages have one rate, or nothing of the backbone trains.</summary>
    [Unit("1")]
    public double? LearningRateDecay { get; init; }

    /// <summary>Epochs after which one stage more of the backbone trained, the head alone first (--unfreeze-every); unknown where all that trains did so from the start.</summary>
    [Unit("epochs")]
    public int? UnfreezeEvery { get; init; }
}
