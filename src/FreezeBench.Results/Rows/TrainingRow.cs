using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>What every row of a training run says: which run it is, of what code, machine, data and settings.</summary>
/// <remarks>The summaries are what results/COLUMNS.md shows.</remarks>
public abstract record TrainingRow
{
    /// <summary>Version of the file's layout.</summary>
    [Unit("1")]
    public required int SchemaVersion { get; init; }

    /// <summary>Names the invocation that wrote the row; sorts by time. With policy, kernels, head, shots, seed and class_selection it names the run, in accuracy.csv and in runs.csv.</summary>
    public required string RunId { get; init; }

    /// <summary>Names the environment, described in the environment.json beside the file. Two commits are compared within one id, machines by their workloads.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>When the epoch or the run ended, ISO 8601 in UTC.</summary>
    public required DateTimeOffset UtcTime { get; init; }

    /// <summary>Commit of the code that measured.</summary>
    public required string Commit { get; init; }

    /// <summary>Whether the working tree differed from the commit, the folder results and git-ignored files aside.</summary>
    public required bool? Dirty { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>SHA-256 of the images and labels used, so that runs on unlike copies can be told apart.</summary>
    public required string DataHash { get; init; }

    /// <summary>Network, for example resnet18.</summary>
    public required string Backbone { get; init; }

    /// <summary>Initial weights: random, or a file's name.</summary>
    public required string Weights { get; init; }

    /// <summary>Freezing policy, or probe-then-tune, which changes from one to another in mid-run.</summary>
    public required string Policy { get; init; }

    /// <summary>Whose layers and optimizer steps: plain (what a user's code costs: the framework's layers as they are, one optimizer call for each parameter) or fast
    /// (FreezeBench's own: folded BatchNorm, prepacked weights, gradients by taps, one optimizer call for many parameters). Rows from before the column are fast, those of a twin plain.</summary>
    public required KernelKind Kernels { get; init; }

    /// <summary>How the head was found: sgd (in steps, by the row's optimizer), lbfgs (logistic regression on cached features) or knn (votes of the nearest training images). Rows
    /// from before the column are sgd.</summary>
    public HeadKind Head { get; init; }

    /// <summary>Training images of each class, where so many were drawn by the seed (--shots); unknown where they were not.</summary>
    [Unit("images")]
    public int? Shots { get; init; }

    /// <summary>Classes trained on, as asked for: all, how many from the first, or their names.</summary>
    public required string ClassSelection { get; init; }

    /// <summary>Outputs of the head.</summary>
    [Unit("classes")]
    public required int Classes { get; init; }

    /// <summary>Seed of head, shuffling and augmentation.</summary>
    [Unit("1")]
    public required int Seed { get; init; }

    /// <summary>Epochs the run was asked for.</summary>
    [Unit("epochs")]
    public required int Epochs { get; init; }

    /// <summary>Height and width of the images that the network sees.</summary>
    [Unit("px")]
    public required int ResolutionPx { get; init; }

    /// <summary>Images per step. The last step of an epoch has what is left; one image that is left alone joins the step before.</summary>
    [Unit("images")]
    public required int BatchSize { get; init; }

    /// <summary>Arithmetic: fp32, tf32, bf16 or fp16.</summary>
    public required string Precision { get; init; }

    /// <summary>Device of the run: cpu or cuda:N.</summary>
    public required string Device { get; init; }

    /// <summary>Whether only deterministic algorithms were used.</summary>
    public required bool Deterministic { get; init; }

    /// <summary>Who told the energy, whoever used it: nvml (the counter of the whole GPU), nvml-power (of a GPU without one: its power, sampled and summed), rapl (the CPU
    /// packages, memory apart); unknown where nobody did or this user may not ask.</summary>
    public string EnergySource { get; init; } = Unknown.Text;

    /// <summary>Which machine of its environment it was: eight digits of a salted SHA-256 of the host's identity, on a GPU of the GPU's UUID. Equal in every run on the machine;
    /// in containers of one image, which may have one identity, on several machines too. unknown where nobody tells.</summary>
    public string Node { get; init; } = Unknown.Text;
}
