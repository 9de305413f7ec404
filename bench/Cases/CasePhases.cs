using System.Globalization;

namespace FreezeBench.Benchmarks.Cases;

/// <summary>Values of the CSV's phase column beside the phases of a step.</summary>
public static class CasePhases
{
    /// <summary>A whole epoch.</summary>
    public const string Epoch = "epoch";

    /// <summary>The steps of that epoch: what is left when shuffle and reading of the totals are taken off.</summary>
    public const string Steps = "steps";

    /// <summary>What the steps of that epoch waited for their batches: no phase of its own, but the share of the whole in a column.</summary>
    public const string DataWait = "data_wait";

    /// <summary>One pass of the frozen backbone over the images.</summary>
    public const string FeatureExtraction = "feature_extraction";

    /// <summary>A feature extraction and, after it, its floor.</summary>
    public const string ExtractionAndFloor = "extraction_and_floor";

    /// <summary>The first part of that: a feature extraction.</summary>
    public const string PairedExtraction = "paired_extraction";

    /// <summary>The second: as many forward passes of the backbone as the extraction has steps, on a batch that is ready.</summary>
    public const string PairedForwardPass = "paired_forward_pass";

    /// <summary>A whole step, undisturbed: the device is waited for at its end alone.</summary>
    public const string Step = "step";

    /// <summary>A whole step with a wait for the device at the end of every phase: what the phases add up to.</summary>
    public const string SynchronisedStep = "step_synchronised";

    /// <summary>The network's forward pass in eval mode without a graph, on a batch that is ready: the floor of a frozen step.</summary>
    public const string NoGradForward = "no_grad_forward";

    /// <summary>A step on a tiny network and two images, and a step of the case.</summary>
    public const string OverheadAndStep = "overhead_and_step";

    /// <summary>
    /// The first part of that, its layers' calls and the backward pass left out: an upper bound of what a step costs beside
    /// libtorch's work. It runs the same code with the same calls into libtorch.
    /// </summary>
    public const string HarnessOverhead = "harness_overhead";

    /// <summary>The second: a step as in <see cref="Step"/>.</summary>
    public const string PairedStep = "paired_step";

    /// <summary>Epochs of several lengths in turn.</summary>
    public const string EpochsInTurn = "epochs_in_turn";

    private const string EpochOfPrefix = "epoch_of_";

    /// <summary>One of them. The number is in the name, since samples.csv tells cases by their phase and not by their images.</summary>
    /// <param name="images">Images of the epoch.</param>
    public static string EpochOf(int images) => string.Create(CultureInfo.InvariantCulture, $"{EpochOfPrefix}{images}");

    /// <summary>Whether a phase is an <see cref="EpochOf"/>.</summary>
    public static bool IsEpochOf(string phase) => phase.StartsWith(EpochOfPrefix, StringComparison.Ordinal);

    /// <summary>The images of an <see cref="EpochOf"/>; null for any other phase.</summary>
    public static int? ImagesOfEpoch(string phase) =>
        IsEpochOf(phase) ? int.Parse(phase.AsSpan(EpochOfPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture) : null;
}
