using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Comparison;

/// <summary>Cases of the same suite, policy and phase that get no ratio, because the same settings differ in all of them.</summary>
/// <param name="Differences">What differs, in the order of the settings.</param>
/// <param name="Cases">The cases of BASE, in their order.</param>
public sealed record UnlikeCases(IReadOnlyList<SettingDifference> Differences, IReadOnlyList<CaseSettings> Cases);

/// <summary>Two environments whose cases get no ratio, fact by fact.</summary>
/// <param name="Base">Environment id on the side of BASE.</param>
/// <param name="Diff">Environment id on the side of DIFF.</param>
/// <param name="Facts">Facts of environment.json that differ, in its order.</param>
public sealed record UnlikeEnvironments(string Base, string Diff, IReadOnlyList<SettingDifference> Facts);
