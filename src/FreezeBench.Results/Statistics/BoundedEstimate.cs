namespace FreezeBench.Results.Statistics;

/// <summary>An estimate with distribution-free bounds.</summary>
/// <param name="Value">The point estimate.</param>
/// <param name="Lower">Lower bound; null where the samples are too few for the confidence level.</param>
/// <param name="Upper">Upper bound; null together with <paramref name="Lower"/>.</param>
/// <param name="Confidence">Confidence level of the bounds, 0..1; for a report 0.95.</param>
public sealed record BoundedEstimate(double Value, double? Lower, double? Upper, double Confidence);
