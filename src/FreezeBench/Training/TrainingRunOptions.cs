using FreezeBench.Features;
using FreezeBench.Freezing;
using FreezeBench.Images;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Weights.Files;

namespace FreezeBench.Training;

/// <summary>What a run is: everything that decides its weights, beside machine and thread count.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>Architecture.</summary>
    public required Network Network { get; init; }

    /// <summary>Whose layers. Default: fast ones.</summary>
    public KernelSet Kernels { get; init; } = KernelSet.Fast;

    /// <summary>What trains, and when.</summary>
    public required Strategy Strategy { get; init; }

    /// <summary>Training images; not owned.</summary>
    public required ImageSet Training { get; init; }

    /// <summary>Test images on the same device; not owned.</summary>
    public required ImageSet Test { get; init; }

    /// <summary>Height and width that the network sees, in pixels.</summary>
    public required int ResolutionPx { get; init; }

    /// <summary>Strides of weights and batches.</summary>
    public required MemoryFormat MemoryFormat { get; init; }

    /// <summary>Arithmetic of the network; the process is in it already (<see cref="PrecisionSwitch"/>). Default float32.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Images per step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Initial weights, order of the images, augmentation.</summary>
    public required int Seed { get; init; }

    /// <summary>Of all phases together, 1 or more.</summary>
    public required int Epochs { get; init; }

    /// <summary>Length of the first phase of <see cref="Strategy.ProbeThenTune"/>; null: half of the epochs.</summary>
    public int? ProbeEpochs { get; init; }

    /// <summary>
    /// How the head is found in phases that cache features, which are the only ones another than <see cref="HeadKind.Sgd"/> goes with; such a run has one epoch.
    /// </summary>
    public HeadKind Head { get; init; }

    /// <summary>Epochs after which one stage more trains (<see cref="Unfreezing"/>); null: all from the start.</summary>
    public int? UnfreezeEvery { get; init; }

    /// <summary>Told what a user should know of, in a line; null: nobody.</summary>
    public Action<string>? Says { get; init; }

    /// <summary>The recipe of each phase's policy, before the phase's factor; by default <see cref="Recipe.DefaultFor"/>.</summary>
    public Func<FreezingPolicy, Recipe> RecipeFor { get; init; } = Recipe.DefaultFor;

    /// <summary>What the network starts from; null: fresh weights from the seed.</summary>
    public StateDictFile? Weights { get; init; }

    /// <summary>What the inputs are normalised with; null: what the weights' file says, else ImageNet's.</summary>
    public ChannelStatistics? Statistics { get; init; }

    /// <summary>
    /// Where phases that train on cached features look for them before they extract them, and keep them; null: nowhere. The bits
    /// are the same.
    /// </summary>
    public FeatureCache? FeatureCache { get; init; }

    /// <summary>
    /// The caller's text about all that two runs have to share for one to go on from the other's checkpoint: data, weights,
    /// recipes, software, machine. A checkpoint of another text is refused.
    /// </summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Measures the epochs' energy; not owned, and decides nothing. Null: it stays unknown.</summary>
    public EnergyMeter? Energy { get; init; }
}
