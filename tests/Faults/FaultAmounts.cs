using System.Globalization;

namespace FreezeBench.Faults;

/// <summary>How much a campaign of faults does: a little in every run of the tests, more where it is asked for.</summary>
/// <remarks>
/// <c>FREEZEBENCH_FAULTS=50</c> is fifty times the usual: 1,000 kills, 10,000 damaged files and 1,000 rows by two writers over the three test
/// projects. <c>FREEZEBENCH_SEED</c> repeats what a message names.
/// </remarks>
internal static class FaultAmounts
{
    internal const string Category = "Faults";
    internal const string TimesVariable = "FREEZEBENCH_FAULTS";
    internal const string SeedVariable = "FREEZEBENCH_SEED";

    /// <summary>1 or more.</summary>
    internal static int Times { get; } = Number(TimesVariable) ?? 1;

    /// <summary>Of the first case; the others follow by one.</summary>
    internal static int Seed { get; } = Number(SeedVariable) ?? Environment.TickCount & 0xffffff;

    /// <summary>Seeds of a kind that usually has so many cases.</summary>
    internal static IEnumerable<int> Seeds(int usual) => Enumerable.Range(Seed, usual * Times);

    private static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
}
