using FreezeBench.Results.Machine;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Rows;

/// <summary>One measured case: its settings and the summary of its samples.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows. Columns are added at the end of the layout, never renamed.</remarks>
public sealed record BenchmarkRow : BenchmarkCase, IMeasuredRow
{
    /// <summary>Highest utilisation that a clock's and a peak's scatter explain.</summary>
    public const double MostUtilisation = 1.02;

    /// <summary>First schema version whose utilisation is held against a peak.</summary>
    public const int FirstVersionWithAPeak = 5;

    /// <summary>Share of its first clock below which a GPU's last one counts as held down: many steps of 15 MHz, which it takes for its temperature alone.</summary>
    public const double LeastClockKept = 0.9;

    /// <summary>First schema version that says how memory was measured.</summary>
    public const int FirstVersionWithAMemorySource = 7;

    /// <summary>The file of these rows.</summary>
    public static string FileName => "benchmarks.csv";

    /// <inheritdoc/>
    public static IReadOnlyList<string> Layout { get; } =
    [
        """
        schema_version run_id environment_id utc_time commit dirty framework suite policy phase backbone weights dataset classes resolution_px
        batch_size images precision memory_format threads device warm_up_count operations_per_sample sample_count mean_ms median_ms
        standard_deviation_ms min_ms max_ms iqr_ms ci99_lower_ms ci99_upper_ms throughput_images_per_s peak_memory_bytes noise_verdict throttled
        """,
        "",
        """
        asked_batch_size cudnn_autotune flops_utilisation data_share_fraction energy_j energy_source temperature_max_c clock_min_mhz
        throttle_reasons
        """,
        "kernels trainable_parameters total_parameters trained_checkpoint_bytes",
        "node others_busy_cores",
        "",
        "memory_source clock_start_mhz clock_end_mhz bound_by host_issue_ratio device_time_ms",
    ];

    /// <summary>Version of the file's layout.</summary>
    [Unit("1")]
    public required int SchemaVersion { get; init; }

    /// <summary>Names the invocation that wrote the row; sorts by time.</summary>
    public required string RunId { get; init; }

    /// <summary>Names the environment, described in the environment.json beside the file. Two commits are compared within one id, machines by their workloads.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>Start of the run, ISO 8601 in UTC.</summary>
    public required DateTimeOffset UtcTime { get; init; }

    /// <summary>Commit of the code that measured.</summary>
    public required string Commit { get; init; }

    /// <summary>Whether the working tree differed from the commit, the folder results and git-ignored files aside.</summary>
    public required bool? Dirty { get; init; }

    /// <summary>Iterations before the first measured one.</summary>
    [Unit("iterations")]
    public required int WarmUpCount { get; init; }

    /// <summary>Operations that one sample is the mean of.</summary>
    [Unit("operations")]
    public required int OperationsPerSample { get; init; }

    /// <summary>Measured iterations, each a row of samples.csv.</summary>
    [Unit("samples")]
    public required int SampleCount { get; init; }

    /// <summary>Mean time of one operation.</summary>
    [Unit("ms")]
    public required double MeanMs { get; init; }

    /// <summary>Median time of one operation.</summary>
    [Unit("ms")]
    public required double MedianMs { get; init; }

    /// <summary>Standard deviation of the samples (divisor n - 1); unknown for one sample.</summary>
    [Unit("ms")]
    public required double? StandardDeviationMs { get; init; }

    /// <summary>Fastest sample.</summary>
    [Unit("ms")]
    public required double MinMs { get; init; }

    /// <summary>Slowest sample.</summary>
    [Unit("ms")]
    public required double MaxMs { get; init; }

    /// <summary>Interquartile range, quartiles by Hyndman and Fan's definition 7 (numpy's default).</summary>
    [Unit("ms")]
    public required double IqrMs { get; init; }

    /// <summary>Lower end of the 99 % confidence interval of the mean, by Student's t; unknown for one sample.</summary>
    [Unit("ms")]
    public required double? Ci99LowerMs { get; init; }

    /// <summary>Upper end of the 99 % confidence interval of the mean, by Student's t; unknown for one sample.</summary>
    [Unit("ms")]
    public required double? Ci99UpperMs { get; init; }

    /// <summary>Images divided by the median time, so that one slow sample does not move it; unknown where the median is 0.</summary>
    [Unit("images/s")]
    public required double? ThroughputImagesPerS { get; init; }

    /// <summary>Largest memory use of the case: on a GPU what it took beyond the driver's context, else resident memory of the process; memory_source says how it was measured.</summary>
    [Unit("bytes")]
    public required long? PeakMemoryBytes { get; init; }

    /// <summary>Scatter of the samples: quiet, noisy (IQR/median above 10 %), very-noisy (above 25 %); unknown below four samples.</summary>
    public required NoiseVerdict NoiseVerdict { get; init; }

    /// <summary>Whether the device's clocks were held down during its measured iterations: a GPU's by heat or power, an Intel CPU's by heat; unknown where nobody tells.</summary>
    public required bool? Throttled { get; init; }

    /// <summary>Batch size that was asked for. Where batch_size is smaller, it was halved until a step fitted into memory (--auto-batch).</summary>
    [Unit("images")]
    public int? AskedBatchSize { get; init; }

    /// <summary>Whether cuDNN chose its convolution algorithms by timing them; unknown on the CPU, which has none.</summary>
    public bool? CudnnAutotune { get; init; }

    /// <summary>Floating-point operations per second of convolutions and head, divided by the most that this process reached in large products of random numbers on the same
    /// device, threads and precision: of two matrices, and on the CPU also as a convolution of 1x1 or 3x3, since some builds and CPUs have no matmul at full speed. Counted from
    /// shapes, products with padding left out; at most 1.02, unknown where the phase has none. Before schema version 5 padding counted, and the product was of ones, short and
    /// no peak: values above 1 are no speed.</summary>
    [Unit("1")]
    public double? FlopsUtilisation { get; init; }

    /// <summary>Share of the operation's time in which steps waited for their batch: gathering, decoding, transforming, copying, as far as the host waits for it.</summary>
    [Unit("fraction")]
    public double? DataShareFraction { get; init; }

    /// <summary>Energy of one operation: that of all measured iterations, read before and after each, divided by their operations. Unknown where they took too little time
    /// together for a counter that moves every 1 ms (rapl, 20 ms) or up to 100 ms (nvml, 0.5 s; nvml-power, 5 s), and for parts of an operation.</summary>
    [Unit("J")]
    public double? EnergyJ { get; init; }

    /// <summary>Who told the energy, whoever used it: nvml (the counter of the whole GPU), nvml-power (of a GPU without one: its power, sampled and summed), rapl (the CPU
    /// packages, memory apart); unknown where nobody did or this user may not ask.</summary>
    public string EnergySource { get; init; } = Unknown.Text;

    /// <summary>Highest temperature of the device in measured iterations: of the GPU, or of the hottest CPU package.</summary>
    [Unit("degrees Celsius")]
    public double? TemperatureMaxC { get; init; }

    /// <summary>Lowest clock in measured iterations: of a GPU's multiprocessors unless it was idle, or of the CPU's cores at work, which are taken to be the fastest ones,
    /// as many as there are threads.</summary>
    [Unit("MHz")]
    public double? ClockMinMhz { get; init; }

    /// <summary>What held the clocks down in measured iterations: cpu_package_thermal, hw_power_brake_slowdown, hw_slowdown, hw_thermal_slowdown, sw_power_cap, sw_thermal_slowdown,
    /// joined by +; none where the device was watched and nothing did.</summary>
    public string ThrottleReasons { get; init; } = Unknown.Text;

    /// <summary>Parameters that train: numbers, not tensors.</summary>
    [Unit("parameters")]
    public long? TrainableParameters { get; init; }

    /// <summary>All parameters of the network.</summary>
    [Unit("parameters")]
    public long? TotalParameters { get; init; }

    /// <summary>Bytes of a checkpoint of what trains: the trainable parameters' elements, by the size of their type.</summary>
    [Unit("bytes")]
    public long? TrainedCheckpointBytes { get; init; }

    /// <summary>Which machine of its environment it was: eight digits of a salted SHA-256 of the host's identity, on a GPU of the GPU's UUID. Equal in every run on the machine;
    /// in containers of one image, which may have one identity, on several machines too. unknown where nobody tells.</summary>
    public string Node { get; init; } = Unknown.Text;

    /// <summary>Cores that other programs kept busy while the case's process ran. Above 0.25 the case was measured again once, and this is the second time.</summary>
    [Unit("cores")]
    public double? OthersBusyCores { get; init; }

    /// <summary>How peak_memory_bytes was measured: resident-peak (the largest resident size of the process, which the operating system tells), process-growth (GPU memory of the
    /// process by the driver, the largest at the end of a measured iteration less that before the case) or card-growth (the same of the whole GPU, all programs together, where the driver
    /// does not tell the process's, as in most containers). Figures of unlike sources are unlike quantities. Rows from before the column are resident-peak on the CPU, on a GPU unknown.</summary>
    public MemorySource? MemorySource { get; init; }

    /// <summary>Clock of a GPU's multiprocessors right before the first measured iteration, outside its time; unknown on the CPU, and where the driver does not tell or the GPU had gone idle.</summary>
    [Unit("MHz")]
    public double? ClockStartMhz { get; init; }

    /// <summary>The same right after the last measured iteration. Below nine tenths of clock_start_mhz the row counts as throttled in reports: power or heat took the clock down meanwhile.</summary>
    [Unit("MHz")]
    public double? ClockEndMhz { get; init; }

    /// <summary>Who bounds the training step on a GPU: host where host_issue_ratio is 0.9 or more, so that the GPU has next to no work in stock, else device. Of undisturbed steps of the
    /// suites step and scaling; unknown on the CPU, which is both, in fp16, whose steps wait for the GPU within themselves, and where it could not be tried.</summary>
    public BoundBy? BoundBy { get; init; }

    /// <summary>Time that the host takes to issue a step to a GPU that has nothing else to do (one wait for the GPU a step), divided by the time of a step where ten follow each other with one
    /// wait at their end: medians of up to 7 rounds of both in turn, after the measured iterations.</summary>
    [Unit("1")]
    public double? HostIssueRatio { get; init; }

    /// <summary>Time of a phase of the step on the GPU itself, between CUDA events in its stream: nobody waits within the step, and three steps are issued before it, so that phases overlap with the
    /// host's work as they do in a training. Median of up to 7 steps after the measured iterations; unknown for what is no phase, on the CPU, and where the CUDA runtime does not tell.</summary>
    [Unit("ms")]
    public double? DeviceTimeMs { get; init; }

    /// <summary>Whether clocks were held down: the driver said so, or a GPU ended well below the clock that it began with.</summary>
    public bool WereClocksHeldDown() => Throttled == true || ClockEndMhz < LeastClockKept * ClockStartMhz;
}
