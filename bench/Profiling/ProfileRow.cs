using System.Globalization;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Profiling;

/// <summary>A row of profile.csv: where the time of a step goes.</summary>
/// <param name="Policy">Freezing policy.</param>
/// <param name="Phase">Phase of the step.</param>
/// <param name="Layer">
/// A layer by its name in a state dict; <c>layer1.0 (rest)</c>: what the block does between its layers; <c>loss</c> in backward;
/// <c>all</c> for a phase that has no layers. Of a frozen part, whose BatchNorm is folded, a convolution's time is that of both.
/// </param>
/// <param name="MedianMs">Time of a step, with a wait for the device at the layer's begin and end.</param>
/// <param name="MinMs">Its smallest.</param>
/// <param name="Samples">Steps.</param>
/// <param name="ShareOfStep">Of the sum of all rows of the policy, 0 to 1.</param>
public sealed record ProfileRow(string Policy, StepPhase Phase, string Layer, double MedianMs, double MinMs, int Samples, double ShareOfStep)
{
    /// <summary>The file of these rows.</summary>
    public const string FileName = "profile.csv";

    /// <summary>The first line of the file. The settings of the command are in each row.</summary>
    public const string Header = "backbone,resolution_px,batch_size,precision,memory_format,threads,device,policy,phase,layer,median_ms,min_ms,samples,share_of_step,kernels";

    /// <summary>The row as a line: invariant culture, full precision; no text has a comma.</summary>
    /// <param name="settings">The cells before <c>policy</c>.</param>
    /// <param name="kernels">The last cell.</param>
    public string ToLine(string settings, string kernels) =>
        string.Create(CultureInfo.InvariantCulture, $"{settings},{Policy},{Phase.Name()},{Layer},{MedianMs:R},{MinMs:R},{Samples},{ShareOfStep:R},{kernels}");
}
