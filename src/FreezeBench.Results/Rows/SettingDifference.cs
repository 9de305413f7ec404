namespace FreezeBench.Results.Rows;

/// <summary>A setting or a fact of the environment that is not the same on both sides.</summary>
/// <param name="Name">Column of benchmarks.csv, or a fact of environment.json such as <c>machine.dotnet_version</c>.</param>
/// <param name="Base">Value on the side of BASE.</param>
/// <param name="Diff">Value on the side of DIFF.</param>
public sealed record SettingDifference(string Name, string Base, string Diff);
