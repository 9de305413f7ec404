using CsvHelper;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Rows;

/// <summary>One measured case: its settings and the summary of its samples.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added (with Since), never renamed.</remarks>
public sealed record BenchmarkRow : IResultRow
{
    /// <summary>In <see cref="Framework"/>: FreezeBench itself, no twin.</summary>
    public const string OwnFramework = "torchsharp";

    /// <summary>The file of these rows.</summary>
    public static string FileName => "benchmarks.csv";

    /// <summary>Version of the file's layout.</summary>
    [CsvColumn("schema_version"), Unit("1")]
    public required int SchemaVersion { get; init; }

    /// <summary>Names the invocation that wrote the row; sorts by time.</summary>
    [CsvColumn("run_id")]
    public required string RunId { get; init; }

    /// <summary>Names the environment, described in the environment.json beside the file. Rows of unlike ids must not share a ratio.</summary>
    [CsvColumn("environment_id")]
    public required string EnvironmentId { get; init; }

    /// <summary>Start of the run, ISO 8601 in UTC.</summary>
    [CsvColumn("utc_time")]
    public required DateTimeOffset UtcTime { get; init; }

    /// <summary>Commit of the code that measured.</summary>
    [CsvColumn("commit")]
    public required string Commit { get; init; }

    /// <summary>Whether the working tree differed from the commit, the folder results and git-ignored files aside.</summary>
    [CsvColumn("dirty")]
    public required bool? Dirty { get; init; }

    /// <summary>Framework that was measured: torchsharp, or that of a twin.</summary>
    [CsvColumn("framework")]
    public required string Framework { get; init; }

    /// <summary>Benchmark suite: epoch, step, depth or scaling.</summary>
    [CsvColumn("suite")]
    public required string Suite { get; init; }

    /// <summary>Freezing policy.</summary>
    [CsvColumn("policy")]
    public required string Policy { get; init; }

    /// <summary>What was timed. Parts of a step: data, zero_grad, forward, loss, backward, optimizer; step_synchronised is the step
    /// that they are parts of, step the same undisturbed, no_grad_forward a forward pass alone. epoch is an epoch, steps its
    /// steps without shuffle and read-out, feature_extraction the pass that frozen-cached makes once; extraction_and_floor that pass (paired_extraction) and, in turn, as many forward passes of the backbone on a batch that is ready (paired_forward_pass).
    /// In suite scaling, epochs_in_turn are epochs of several lengths, epoch_of_N one of N images; overhead_and_step is the same step on a
    /// network 8 channels wide with two images, of which harness_overhead is the time outside of the layers' and the backward pass's calls into libtorch
    /// (an upper bound of what is not libtorch's work), and, in turn, a step (paired_step).</summary>
    [CsvColumn("phase")]
    public required string Phase { get; init; }

    /// <summary>Network, for example resnet18.</summary>
    [CsvColumn("backbone")]
    public required string Backbone { get; init; }

    /// <summary>Initial weights: random, formula, or a file's name.</summary>
    [CsvColumn("weights")]
    public required string Weights { get; init; }

    /// <summary>Data set the images came from.</summary>
    [CsvColumn("dataset")]
    public required string Dataset { get; init; }

    /// <summary>Outputs of the head.</summary>
    [CsvColumn("classes"), Unit("classes")]
    public required int Classes { get; init; }

    /// <summary>Height and width of the images that the network sees.</summary>
    [CsvColumn("resolution_px"), Unit("px")]
    public required int ResolutionPx { get; init; }

    /// <summary>Images per step.</summary>
    [CsvColumn("batch_size"), Unit("images")]
    public required int BatchSize { get; init; }

    /// <summary>Images handled by one operation: those of one step, or of one epoch.</summary>
    [CsvColumn("images"), Unit("images")]
    public required int Images { get; init; }

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

    /// <summary>Iterations before the first measured one.</summary>
    [CsvColumn("warm_up_count"), Unit("iterations")]
    public required int WarmUpCount { get; init; }

    /// <summary>Operations that one sample is the mean of.</summary>
    [CsvColumn("operations_per_sample"), Unit("operations")]
    public required int OperationsPerSample { get; init; }

    /// <summary>Measured iterations, each a row of samples.csv.</summary>
    [CsvColumn("sample_count"), Unit("samples")]
    public required int SampleCount { get; init; }

    /// <summary>Mean time of one operation.</summary>
    [CsvColumn("mean_ms"), Unit("ms")]
    public required double MeanMs { get; init; }

    /// <summary>Median time of one operation.</summary>
    [CsvColumn("median_ms"), Unit("ms")]
    public required double MedianMs { get; init; }

    /// <summary>Standard deviation of the samples (divisor n - 1); unknown for one sample.</summary>
    [CsvColumn("standard_deviation_ms"), Unit("ms")]
    public required double? StandardDeviationMs { get; init; }

    /// <summary>Fastest sample.</summary>
    [CsvColumn("min_ms"), Unit("ms")]
    public required double MinMs { get; init; }

    /// <summary>Slowest sample.</summary>
    [CsvColumn("max_ms"), Unit("ms")]
    public required double MaxMs { get; init; }

    /// <summary>Interquartile range, quartiles by Hyndman and Fan's definition 7 (numpy's default).</summary>
    [CsvColumn("iqr_ms"), Unit("ms")]
    public required double IqrMs { get; init; }

    /// <summary>Lower end of the 99 % confidence interval of the mean, by Student's t; unknown for one sample.</summary>
    [CsvColumn("ci99_lower_ms"), Unit("ms")]
    public required double? Ci99LowerMs { get; init; }

    /// <summary>Upper end of the 99 % confidence interval of the mean, by Student's t; unknown for one sample.</summary>
    [CsvColumn("ci99_upper_ms"), Unit("ms")]
    public required double? Ci99UpperMs { get; init; }

    /// <summary>Images divided by the median time, so that one slow sample does not move it; unknown where the median is 0.</summary>
    [CsvColumn("throughput_images_per_s"), Unit("images/s")]
    public required double? ThroughputImagesPerS { get; init; }

    /// <summary>Largest memory use of the case: of the GPU on a GPU, else resident memory of the process.</summary>
    [CsvColumn("peak_memory_bytes"), Unit("bytes")]
    public required long? PeakMemoryBytes { get; init; }

    /// <summary>Scatter of the samples: quiet, noisy (IQR/median above 10 %), very-noisy (above 25 %); unknown below four samples.</summary>
    [CsvColumn("noise_verdict")]
    public required NoiseVerdict NoiseVerdict { get; init; }

    /// <summary>Whether the device's clocks were held down during its measured iterations: a GPU's by heat or power, an Intel CPU's by heat; unknown where nobody tells.</summary>
    [CsvColumn("throttled")]
    public required bool? Throttled { get; init; }

    /// <summary>Batch size that was asked for. Where batch_size is smaller, it was halved until a step fitted into memory (--auto-batch).</summary>
    [CsvColumn("asked_batch_size"), Unit("images"), Since(3)]
    public int? AskedBatchSize { get; init; }

    /// <summary>Whether cuDNN chose its convolution algorithms by timing them; unknown on the CPU, which has none.</summary>
    [CsvColumn("cudnn_autotune"), Since(3)]
    public bool? CudnnAutotune { get; init; }

    /// <summary>Floating-point operations per second of convolutions and head, divided by those of a large matrix product on the same device, threads
    /// and precision in the same process (on the CPU the faster of matmul and the same as a 1x1 convolution: some builds and CPUs have no matmul at full speed). Above 1 where
    /// an algorithm needs fewer operations than the count by shapes or is faster than the product; unknown where the phase has none.</summary>
    [CsvColumn("flops_utilisation"), Unit("1"), Since(3)]
    public double? FlopsUtilisation { get; init; }

    /// <summary>Share of the operation's time in which steps waited for their batch: gathering, decoding, transforming, copying, as far as the host waits for it.</summary>
    [CsvColumn("data_share_fraction"), Unit("fraction"), Since(3)]
    public double? DataShareFraction { get; init; }

    /// <summary>Energy of one operation: that of all measured iterations, read before and after each, divided by their operations. Unknown where they took too little time
    /// together for a counter that moves every 1 ms (rapl, 20 ms) or up to 100 ms (nvml, 0.5 s; nvml-power, 5 s), and for parts of an operation.</summary>
    [CsvColumn("energy_j"), Unit("J"), Since(3)]
    public double? EnergyJ { get; init; }

    /// <summary>Who told the energy, whoever used it: nvml (the counter of the whole GPU), nvml-power (of a GPU without one: its power, sampled and summed), rapl (the CPU
    /// packages, memory apart); unknown where nobody did or this user may not ask.</summary>
    [CsvColumn("energy_source"), Since(3)]
    public string EnergySource { get; init; } = Unknown.Text;

    /// <summary>Highest temperature of the device in measured iterations: of the GPU, or of the hottest CPU package.</summary>
    [CsvColumn("temperature_max_c"), Unit("degrees Celsius"), Since(3)]
    public double? TemperatureMaxC { get; init; }

    /// <summary>Lowest clock in measured iterations: of a GPU's multiprocessors unless it was idle, or of the CPU's cores at work, which are taken to be the fastest ones,
    /// as many as there are threads.</summary>
    [CsvColumn("clock_min_mhz"), Unit("MHz"), Since(3)]
    public double? ClockMinMhz { get; init; }

    /// <summary>What held the clocks down in measured iterations: cpu_package_thermal, hw_power_brake_slowdown, hw_slowdown, hw_thermal_slowdown, sw_power_cap, sw_thermal_slowdown,
    /// joined by +; none where the device was watched and nothing did.</summary>
    [CsvColumn("throttle_reasons"), Since(3)]
    public string ThrottleReasons { get; init; } = Unknown.Text;

    /// <summary>Whose layers and optimizer steps: plain (what a user's code costs: the framework's layers as they are, one optimizer call for each parameter) or fast
    /// (FreezeBench's own: folded BatchNorm, prepacked weights, gradients by taps, one optimizer call for many parameters). Rows from before the column are fast, those of a twin plain.</summary>
    [CsvColumn("kernels"), Since(4)]
    public required KernelKind Kernels { get; init; }

    /// <summary>Parameters that train: numbers, not tensors.</summary>
    [CsvColumn("trainable_parameters"), Unit("parameters"), Since(4)]
    public long? TrainableParameters { get; init; }

    /// <summary>All parameters of the network.</summary>
    [CsvColumn("total_parameters"), Unit("parameters"), Since(4)]
    public long? TotalParameters { get; init; }

    /// <summary>Bytes of a checkpoint of what trains: the trainable parameters' elements, by the size of their type.</summary>
    [CsvColumn("trained_checkpoint_bytes"), Unit("bytes"), Since(4)]
    public long? TrainedCheckpointBytes { get; init; }
}
