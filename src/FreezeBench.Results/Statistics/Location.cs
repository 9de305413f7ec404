using Pragmastat;

namespace FreezeBench.Results.Statistics;

/// <summary>Where the samples of a case lie.</summary>
public static class Location
{
    /// <summary>The centre of <paramref name="samples"/> (Hodges-Lehmann) with bounds.</summary>
    public static BoundedEstimate Of(IReadOnlyList<double> samples, double confidence) =>
        new(new Sample(samples, Pragmastat.Metrology.NumberUnit.Instance).Center().NominalValue, null, null, confidence);
}
