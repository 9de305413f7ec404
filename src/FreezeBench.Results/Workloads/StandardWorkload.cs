using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Workloads;

/// <summary>A workload that is the same on every device: what is computed, whatever computes it.</summary>
/// <remarks>How a machine does it is not in here: threads, memory layout, autotuning, driver, kernels, framework.</remarks>
public sealed record StandardWorkload
{
    /// <summary>Short name, as in <c>resnet18-32px-fp32</c>: for options and tables.</summary>
    public required string Name { get; init; }

    /// <summary>Network.</summary>
    public string Backbone { get; init; } = "resnet18";

    /// <summary>Initial weights.</summary>
    public string Weights { get; init; } = "random";

    /// <summary>Images.</summary>
    public string Dataset { get; init; } = "synthetic";

    /// <summary>Outputs of the head.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>Height and width in pixels.</summary>
    public required int ResolutionPx { get; init; }

    /// <summary>Images per step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Images of one epoch.</summary>
    public required int ImagesPerEpoch { get; init; }

    /// <summary>Arithmetic, as the column says it.</summary>
    public required string Precision { get; init; }

    /// <summary>Why it is one of the standard workloads: a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether a case is of this workload, whatever its policy, kernels, framework, device and machine.</summary>
    /// <param name="settings">What is left open in it speaks neither for nor against; network, resolution, batch size and precision must be known.</param>
    public bool Has(CaseSettings settings) =>
        settings.Backbone == Backbone && settings.ResolutionPx == ResolutionPx && settings.BatchSize == BatchSize && settings.Precision == Precision
            && (settings.Weights ?? Weights) == Weights && (settings.Dataset ?? Dataset) == Dataset && (settings.Classes ?? Classes) == Classes
            && (settings.Suite is null || StandardWorkloads.Suites.Contains(settings.Suite))
            && (settings.Images is null || settings.Images == ImagesOf(settings.Suite));

    // Without a suite it is a table's: its images are those of an epoch.
    private int ImagesOf(string? suite) => suite == StandardWorkloads.StepSuite ? BatchSize : ImagesPerEpoch;
}
