namespace FreezeBench.Results.Rows;

/// <summary>What names a case within its run, in benchmarks.csv and in samples.csv alike.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows.</remarks>
public abstract record NamedCase
{
    /// <summary>In <see cref="Framework"/>: FreezeBench itself, no twin.</summary>
    public const string OwnFramework = "torchsharp";

    /// <summary>Framework that was measured: torchsharp, or that of a twin.</summary>
    public string Framework { get; init; } = OwnFramework;

    /// <summary>Whose layers and optimizer steps: plain (what a user's code costs: the framework's layers as they are, one optimizer call for each parameter) or fast
    /// (FreezeBench's own: folded BatchNorm, prepacked weights, gradients by taps, one optimizer call for many parameters). Rows from before the column are fast, those of a twin plain.</summary>
    public required KernelKind Kernels { get; init; }

    /// <summary>Benchmark suite: epoch, step, depth or scaling.</summary>
    public required string Suite { get; init; }

    /// <summary>Freezing policy.</summary>
    public required string Policy { get; init; }

    /// <summary>What was timed. Parts of a step: data, zero_grad, forward, loss, backward, optimizer; step_synchronised is the step
    /// that they are parts of, step the same undisturbed, no_grad_forward a forward pass alone. epoch is an epoch, steps its
    /// steps without shuffle and read-out, feature_extraction the pass that frozen-cached makes once; extraction_and_floor that pass (paired_extraction) and, in turn, as many forward passes of the backbone on a batch that is ready (paired_forward_pass).
    /// In suite scaling, epochs_in_turn are epochs of several lengths, epoch_of_N one of N images; overhead_and_step is the same step on a
    /// network 8 channels wide with two images, of which harness_overhead is the time outside of the layers' and the backward pass's calls into libtorch
    /// (an upper bound of what is not libtorch's work), and, in turn, a step (paired_step).</summary>
    public required string Phase { get; init; }

    /// <summary>Network, for example resnet18.</summary>
    public required string Backbone { get; init; }

    /// <summary>Data set the images came from.</summary>
    public required string Dataset { get; init; }

    /// <summary>Height and width of the images that the network sees.</summary>
    [Unit("px")]
    public required int ResolutionPx { get; init; }

    /// <summary>Images per step.</summary>
    [Unit("images")]
    public required int BatchSize { get; init; }

    /// <summary>Arithmetic: fp32, tf32, bf16 or fp16.</summary>
    public required string Precision { get; init; }

    /// <summary>Layout of images and weights: channels-last or contiguous.</summary>
    public required string MemoryFormat { get; init; }
}
