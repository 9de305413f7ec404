using FreezeBench.Benchmarks.Output;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Output;

public class SummaryTablesTests
{
    private static BenchmarkRow Row(string suite, string policy, string phase, params double[] samplesMs) => MadeUpRows.Row(suite, policy, phase, samplesMs);

    private static string Print(params BenchmarkRow[] rows)
    {
        using var console = new TestConsole();
        new SummaryTables(rows).Write(console);
        return console.Output;
    }

    private static string[] Cells(string output, string policy) =>
        output.Split('\n').First(line => line.TrimStart().StartsWith(policy + " ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void Policies_StandSideBySide_WithSpeedUpAndShareOfTheBackwardPass()
    {
        var output = Print(
            Row("epoch", "fine-tune", "epoch", 2000, 2000, 2000, 2000), Row("epoch", "frozen", "epoch", 500, 500, 500, 500),
            Row("step", "fine-tune", "step", 250), Row("step", "fine-tune", "step_synchronised", 252), Row("step", "fine-tune", "forward", 60), Row("step", "fine-tune", "backward", 189));

        Assert.Equal(["fine-tune", "2000", "256", "1.00x", "250", "60.0", "189", "75%"], Cells(output, "fine-tune"));
        Assert.Equal(["frozen", "500", "1024", "4.00x", "-", "-", "-", "-"], Cells(output, "frozen"));
    }

    [Fact]
    public void EveryPolicyThatWasMeasured_HasALine_TheKnownOnesFirst()
    {
        var output = Print(Row("epoch", "lora:4", "epoch", 800), Row("epoch", "only-stem", "epoch", 900), Row("epoch", "fine-tune", "epoch", 2000));

        Assert.Equal(["2.22x"], Cells(output, "only-stem").Where(cell => cell.EndsWith('x')));
        Assert.Equal(["2.50x"], Cells(output, "lora:4").Where(cell => cell.EndsWith('x')));
        Assert.True(output.IndexOf("fine-tune ", StringComparison.Ordinal) < output.IndexOf("lora:4", StringComparison.Ordinal));
    }

    [Fact]
    public void PlainAndFastKernels_AreNeverInOneRatio()
    {
        BenchmarkRow[] rows = [Row("epoch", "fine-tune", "epoch", 2000), Row("epoch", "frozen", "epoch", 500), Row("step", "frozen", "step", 60)];
        var output = Print([.. rows.Select(row => row with { Kernels = KernelKind.Plain, MedianMs = 3 * row.MedianMs }).Take(2), .. rows]);

        Assert.Equal(["6000", "1.00x"], Cells(output, "fine-tune (plain)").Where(cell => cell is "6000" || cell.EndsWith('x')));
        Assert.Equal(["1500", "4.00x", "-"], Cells(output, "frozen (plain)").Where((_, index) => index is 2 or 4 or 5));
        Assert.Equal(["500", "4.00x", "60.0"], Cells(output, "frozen  ").Where((_, index) => index is 1 or 3 or 4));
    }

    [Fact]
    public void PoliciesWithUnlikeBatches_ShareNoRatio()
    {
        var output = Print(Row("epoch", "fine-tune", "epoch", 2000, 2000) with { BatchSize = 32 }, Row("epoch", "frozen", "epoch", 500, 500));

        Assert.Equal("1.00x", Cells(output, "fine-tune")[3]);
        Assert.Equal("-", Cells(output, "frozen")[3]);
    }

    [Fact]
    public void Extraction_StandsBesideItsFloor()
    {
        var output = Print(Row("epoch", "frozen-cached", "epoch", 2), Row("epoch", "frozen-cached", "paired_extraction", 210, 220, 230), Row("epoch", "frozen-cached", "paired_forward_pass", 190, 200, 300));

        Assert.Contains("1.100 times as long", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_IsMarked_AndExplained()
    {
        var output = Print(Row("epoch", "fine-tune", "epoch", 1000, 1100, 1300, 1500), Row("epoch", "frozen", "epoch", 100, 100, 200, 300));

        Assert.Equal("1200~", Cells(output, "fine-tune")[1]);
        Assert.Equal("150!", Cells(output, "frozen")[1]);
        Assert.Contains("~ noisy", output, StringComparison.Ordinal);
        Assert.DoesNotContain("noisy", Print(Row("epoch", "frozen", "epoch", 100, 100, 100, 100)), StringComparison.Ordinal);
    }

    [Fact]
    public void Depths_GoFromEverythingTrainedToTheHeadAlone()
    {
        var output = Print(
            Row("depth", "frozen", "step", 40), Row("depth", "frozen", "backward", 0.2), Row("depth", "from-layer4", "step", 80), Row("depth", "from-layer4", "backward", 40),
            Row("depth", "fine-tune", "step", 200), Row("depth", "fine-tune", "backward", 160));

        Assert.Equal(["fine-tune", "from-layer4", "frozen"], output.Split('\n').Select(line => line.Trim().Split(' ')[0]).Where(word => word is "fine-tune" or "from-layer4" or "frozen"));
        Assert.Equal(["frozen", "0.200", "40.0", "12800", "5.00x"], Cells(output, "frozen"));
    }

    [Fact]
    public void WithoutFineTune_ThereIsNoSpeedUp() => Assert.Equal("-", Cells(Print(Row("epoch", "frozen", "epoch", 100)), "frozen")[3]);

    [Fact]
    public void Energy_IsShown_WhereItIsKnown()
    {
        var tuned = Row("epoch", "fine-tune", "epoch", 2000) with { EnergyJ = 120, EnergySource = "rapl" };
        var frozen = Row("epoch", "frozen", "epoch", 500) with { EnergyJ = 30.04, EnergySource = "rapl" };

        var output = Print(tuned, frozen, Row("epoch", "frozen-cached", "epoch", 2));
        var energies = output[output.IndexOf("J per epoch", StringComparison.Ordinal)..];

        Assert.Equal(["fine-tune", "120", "234", "1.00x"], Cells(energies, "fine-tune"));
        Assert.Equal(["frozen", "30.0", "58.7", "3.99x"], Cells(energies, "frozen"));
        Assert.DoesNotContain("frozen-cached", energies, StringComparison.Ordinal);
        Assert.Contains("by rapl.", energies, StringComparison.Ordinal);
        Assert.DoesNotContain("J per epoch", Print(Row("epoch", "frozen", "epoch", 500)), StringComparison.Ordinal);
    }

    [Fact]
    public void Throttling_IsMarked_WithItsReasons()
    {
        var output = Print(Row("epoch", "frozen", "epoch", 100, 100, 200, 300) with { Throttled = true, ThrottleReasons = "hw_slowdown+sw_power_cap" });

        Assert.Equal("150!^", Cells(output, "frozen")[1]);
        Assert.Contains("^ throttled (hw_slowdown, sw_power_cap)", output, StringComparison.Ordinal);
        Assert.DoesNotContain("throttled", Print(Row("epoch", "frozen", "epoch", 100) with { Throttled = false }), StringComparison.Ordinal);
    }

    [Fact]
    public void BusyPrograms_AreMarked_AndExplained()
    {
        var output = Print(Row("epoch", "frozen", "epoch", 100, 100, 200, 300) with { OthersBusyCores = 0.26 }, Row("epoch", "fine-tune", "epoch", 200) with { OthersBusyCores = 0.25 });

        Assert.Equal(("150!*", "200"), (Cells(output, "frozen")[1], Cells(output, "fine-tune")[1]));
        Assert.Contains("* other programs kept more than 0.25 cores busy", output, StringComparison.Ordinal);
        Assert.DoesNotContain("other programs", Print(Row("epoch", "frozen", "epoch", 100)), StringComparison.Ordinal);
    }

    [Fact]
    public void Table_SaysWhichStandardWorkloadItIs_OrThatItIsNone()
    {
        var own = Print(Row("epoch", "frozen", "epoch", 100));
        Assert.StartsWith("resnet18, synthetic, 32 px, batch 64, fp32: not standard\n", own.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("A size of your own: it is compared with no row of standard-1.", own, StringComparison.Ordinal);

        var standard = Print(Row("epoch", "frozen", "epoch", 100) with { BatchSize = 128, Images = 1024 });
        Assert.StartsWith("resnet18-32px-fp32 (standard-1)\n", standard.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("of your own", standard, StringComparison.Ordinal);
    }

    [Fact]
    public void NoLine_IsWiderThan80Columns()
    {
        string[] policies = ["fine-tune", "frozen", "frozen-train-bn", "frozen-cached"];
        var rows = policies.SelectMany(policy => new[]
        {
            Row("epoch", policy, "epoch", 123456, 223456, 323456, 423456) with { EnergyJ = 12345.6, EnergySource = "nvml-power" }, Row("step", policy, "step", 12345, 22345, 32345, 42345),
            Row("step", policy, "step_synchronised", 12345), Row("step", policy, "forward", 12345, 22345, 32345, 42345), Row("step", policy, "backward", 12345, 22345, 32345, 42345),
            Row("epoch", policy, "feature_extraction", 1234), Row("step", policy, "no_grad_forward", 99),
        });

        var output = Print([.. rows]);
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
        Assert.DoesNotContain('…', output);
    }
}
