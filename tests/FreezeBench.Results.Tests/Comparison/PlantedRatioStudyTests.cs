using FreezeBench.Results.Comparison;
using Xunit;

namespace FreezeBench.Results.Tests.Comparison;

/// <summary>How often a comparison of two machines is right, where the truth is known.</summary>
public sealed class PlantedRatioStudyTests
{
    /// <summary>Spreads from run to run: a quiet machine, a shared one, and one of each.</summary>
    private static readonly (double First, double Second)[] spreads = [(0.02, 0.02), (0.09, 0.09), (0.02, 0.09)];

    private static readonly Lazy<IReadOnlyList<PlantedRatioCell>> few = new(() => Study(40, 3));

    [Fact]
    public void EqualMachines_AreHardlyEverCalledUnequal() => Assert.All(few.Value.Where(cell => cell.Planted == 1), cell =>
        Assert.True(cell.MeanSlower + cell.MeanFaster <= 0.05, cell.Row()));

    [Fact]
    public void EqualCases_AreHardlyEverCalledUnequal() => Assert.All(few.Value.Where(cell => cell.Planted is 1 or 1.05), cell =>
    {
        Assert.True(cell.Planted > 1 || cell.Share(Verdict.Worse) <= 0.02, cell.Row());
        Assert.True(cell.Share(Verdict.Better) <= 0.02, cell.Row());
    });

    [Fact]
    public void MachineThatIsSlower_IsHardlyEverCalledFaster() => Assert.All(few.Value.Where(cell => cell.Planted >= 1.05), cell => Assert.True(cell.MeanFaster <= 0.025, cell.Row()));

    [Fact]
    public void BoundsOfTheMean_HoldTheTruth() => Assert.All(few.Value, cell => Assert.True(cell.MeanHoldsTheTruth >= 0.95, cell.Row()));

    [Fact]
    public void MachineTwiceAsSlow_IsFound() => Assert.All(few.Value.Where(cell => cell.Planted == 2), cell =>
    {
        Assert.True(cell.Share(Verdict.Worse) >= 0.9, cell.Row());
        Assert.True(cell.MeanSlower >= 0.95, cell.Row());
    });

    /// <summary>The whole table, Goldens/planted-ratios.md, with enough pairs to see a fault of the formula; half a minute.</summary>
    [Fact(Explicit = true)]
    public void LongStudy_HoldsItsLevel()
    {
        var cells = Study(1000, 3).Concat(Study(1000, 5)).ToList();
        var table = PlantedRatioStudy.Heading + string.Concat(cells.Select(cell => cell.Row()));
        TestContext.Current.TestOutputHelper!.WriteLine(table);
        Assert.All(cells, cell => Assert.True(cell.MeanHoldsTheTruth >= 0.98, cell.Row()));
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Comparison", "Goldens", "planted-ratios.md")).ReplaceLineEndings("\n"), table);
    }

    private static IReadOnlyList<PlantedRatioCell> Study(int trials, int runs) =>
        [.. spreads.SelectMany(pair => PlantedRatioStudy.Ratios.Select(ratio => PlantedRatioStudy.Cell(pair.First, pair.Second, runs, ratio, trials)))];
}
