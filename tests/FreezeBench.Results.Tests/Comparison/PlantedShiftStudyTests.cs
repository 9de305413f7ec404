using FreezeBench.Results.Comparison;
using Xunit;

namespace FreezeBench.Results.Tests.Comparison;

/// <summary>How often compare is right, on runs whose truth is known. The table is Goldens/planted-shifts.md.</summary>
public sealed class PlantedShiftStudyTests
{
    /// <summary>Spread and scatter of the six real runs: 9 % from run to run, 10 % within one.</summary>
    private const string Shared = "simulated, 9 % from run to run";

    /// <summary>A machine that does nothing else.</summary>
    private const string Quiet = "simulated, 1 % from run to run";

    private const string QuietTold = Quiet + ", --launch-noise 0.01";

    private static readonly Lazy<IReadOnlyList<ShiftCell>> cells = new(() =>
    [
        .. PlantedShiftStudy.Real(),
        .. PlantedShiftStudy.Simulation(Shared, 0.09, 0.10, LaunchSpread.Default, 1, 3, 6),
        .. PlantedShiftStudy.Simulation(Quiet, 0.01, 0.01, LaunchSpread.Default, 1, 3, 6),
        // More runs than one tell the spread themselves, and the option is not looked at.
        .. PlantedShiftStudy.Simulation(QuietTold, 0.01, 0.01, 0.01, 1),
    ]);

    [Fact]
    public void ChangesBelowTheThreshold_AreHardlyEverCalledWorseOrBetter() => Assert.All(
        cells.Value.Where(cell => cell.Shift < 0.05),
        cell => Assert.True(cell.Share(Verdict.Worse) + cell.Share(Verdict.Better) < 0.01, cell.Row()));

    [Fact]
    public void ChangeOfTheThreshold_IsHardlyEverCalledWorse() => Assert.All(
        cells.Value.Where(cell => cell.Shift == 0.05), cell => Assert.True(cell.Share(Verdict.Worse) < 0.01, cell.Row()));

    [Fact]
    public void SlowerCode_IsHardlyEverCalledBetter() => Assert.All(
        cells.Value.Where(cell => cell.Shift >= 0.10), cell => Assert.True(cell.Share(Verdict.Better) < 0.005, cell.Row()));

    [Theory]
    [InlineData(Quiet, 3, 0.10, 0.75)]
    [InlineData(Quiet, 6, 0.10, 0.85)]
    [InlineData(QuietTold, 1, 0.50, 0.95)]
    [InlineData(PlantedShiftStudy.RealSource, 3, 0.50, 0.50)]
    [InlineData(Shared, 3, 0.50, 0.50)]
    [InlineData(Shared, 6, 0.50, 0.80)]
    public void LargeChange_IsFound(string source, int runs, double shift, double least)
    {
        var cell = cells.Value.Single(cell => cell.Source == source && cell.Runs == runs && cell.Shift == shift);
        Assert.True(cell.Share(Verdict.Worse) >= least, cell.Row());
    }

    [Fact]
    public void Table_IsWhatTheStudyGives()
    {
        var table = ShiftCell.Heading + string.Concat(cells.Value.Select(cell => cell.Row()));
        TestContext.Current.TestOutputHelper!.WriteLine(table);
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Benchmarks.sln")))
            folder = folder.Parent;
        Assert.SkipWhen(folder is null, "The tests do not run inside the repository.");
        var path = Path.Combine(folder!.FullName, "tests", "FreezeBench.Results.Tests", "Comparison", "Goldens", "planted-shifts.md");
        if (Environment.GetEnvironmentVariable("FREEZEBENCH_UPDATE_GOLDENS") == "1")
            File.WriteAllText(path, table);
        Assert.True(File.ReadAllText(path).ReplaceLineEndings("\n") == table,
            $"{path} is stale: run the tests once with FREEZEBENCH_UPDATE_GOLDENS=1 and commit it.\n{table}");
    }
}
