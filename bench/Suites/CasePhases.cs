namespace FreezeBench.Benchmarks.Suites;

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
}
