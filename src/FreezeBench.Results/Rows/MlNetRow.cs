namespace FreezeBench.Results.Rows;

/// <summary>One measured round of ML.NET's own way: features of a network by ONNX Runtime, made once, then a trainer of ML.NET on them.</summary>
/// <remarks>
/// A file of its own: an epoch, a batch and a learning rate, which rows of accuracy.csv have, are nothing that this way has. The summaries are what results/COLUMNS.md shows. Columns are added at the end of the layout, never renamed.
/// </remarks>
public sealed record MlNetRow : LearntRow, IMeasuredRow
{
    /// <summary>The file of these rows.</summary>
    public static string FileName => "mlnet.csv";

    /// <inheritdoc/>
    public static IReadOnlyList<string> Layout { get; } =
    [
        """
        schema_version run_id environment_id utc_time commit dirty dataset data_hash backbone weights policy trainer classes seed round rounds
        resolution_px threads device train_total test_total feature_time_s feature_images_per_s network_images network_time_s network_images_per_s
        train_time_s evaluation_time_s test_correct test_accuracy_fraction node others_busy_cores
        """,
    ];

    /// <summary>What trained the head: lbfgs (LbfgsMaximumEntropy) or sdca (SdcaMaximumEntropy), with ML.NET's defaults.</summary>
    public required string Trainer { get; init; }

    /// <summary>Number of the measured round, from 1; an unmeasured warm-up stands before the first.</summary>
    [Unit("rounds")]
    public required int Round { get; init; }

    /// <summary>Measured rounds asked for.</summary>
    [Unit("rounds")]
    public required int Rounds { get; init; }

    /// <summary>Threads of one operation of ONNX Runtime, and of the trainer. Files are decoded by one thread.</summary>
    [Unit("threads")]
    public required int Threads { get; init; }

    /// <summary>Training images.</summary>
    [Unit("images")]
    public required int TrainTotal { get; init; }

    /// <summary>Test images.</summary>
    [Unit("images")]
    public required int TestTotal { get; init; }

    /// <summary>Time of the pass that makes all features, of training and test images: reading, decoding, resizing, network.</summary>
    [Unit("s")]
    public required double FeatureTimeS { get; init; }

    /// <summary>All images divided by that time.</summary>
    [Unit("images/s")]
    public required double FeatureImagesPerS { get; init; }

    /// <summary>Images, decoded and resized before, on which the network was timed alone.</summary>
    [Unit("images")]
    public required int NetworkImages { get; init; }

    /// <summary>Time of the network alone on them, with ML.NET's subtraction of the mean.</summary>
    [Unit("s")]
    public required double NetworkTimeS { get; init; }

    /// <summary>These images divided by that time.</summary>
    [Unit("images/s")]
    public required double NetworkImagesPerS { get; init; }

    /// <summary>Time of the trainer on the training images' features.</summary>
    [Unit("s")]
    public required double TrainTimeS { get; init; }

    /// <summary>Time of predicting the test images' classes from their features.</summary>
    [Unit("s")]
    public required double EvaluationTimeS { get; init; }

    /// <summary>Test images classified correctly.</summary>
    [Unit("images")]
    public required int TestCorrect { get; init; }

    /// <summary>Share of test images classified correctly.</summary>
    [Unit("fraction")]
    public required double TestAccuracyFraction { get; init; }
}
