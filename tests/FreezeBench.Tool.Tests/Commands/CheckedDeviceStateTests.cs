using System.Text.Json;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>What <c>check</c> finds where rows tell of energy, temperature, clocks and throttling.</summary>
public sealed class CheckedDeviceStateTests : IDisposable
{
    private const string Benchmarks = "benchmarks.csv";
    private const string Accuracy = "accuracy.csv";
    private const string Runs = "runs.csv";

    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public void Dispose() => results.Dispose();

    [Theory]
    [InlineData(Runs, 2, "throttled", "true", "throttled", "held the device's clocks down")]
    [InlineData(Benchmarks, 2, "others_busy_cores", "0.26", "disturbed", "were measured while other programs kept more than 0.25 cores busy")]
    [InlineData(Accuracy, 2, "others_busy_cores", "1.5", "disturbed", "a row of run ")]
    [InlineData(Benchmarks, 2, "energy_j", "-1", "impossible-value", "it is -1; possible is 0 or more.", "energy_source", "rapl")]
    [InlineData(Runs, 2, "temperature_max_c", "61500", "impossible-value", "it is 61500; possible is between -50 and 150.")]
    [InlineData(Benchmarks, 2, "temperature_max_c", "-51", "impossible-value", "possible is between -50 and 150.")]
    [InlineData(Benchmarks, 2, "clock_min_mhz", "3400000", "impossible-value", "it is 3400000; possible is between 1 and 20000.")]
    [InlineData(Benchmarks, 2, "energy_source", "meter", "impossible-value", "it is 'meter'; possible are nvml, nvml-power, rapl, unknown.")]
    [InlineData(Benchmarks, 2, "energy_source", "rapl", "inconsistent-row", "it is rapl, and energy_j is unknown.")]
    [InlineData(Benchmarks, 2, "energy_source", "unknown", "inconsistent-row", "it is unknown, and energy_j is 12.5.", "energy_j", "12.5")]
    [InlineData(Accuracy, 3, "energy_source", "unknown", "inconsistent-row", "it is unknown, and energy_j is 12.5.", "energy_j", "12.5")]
    [InlineData(Benchmarks, 2, "throttle_reasons", "heat", "impossible-value", "'heat' is no reason; possible are cpu_package_thermal, hw_power_brake_slowdown, ", "throttled", "false")]
    [InlineData(Benchmarks, 2, "throttle_reasons", "sw_power_cap+hw_slowdown", "impossible-value", "each reason is there once, in alphabetical order.", "throttled", "false")]
    [InlineData(Benchmarks, 2, "throttle_reasons", "sw_power_cap", "inconsistent-row", "it is sw_power_cap, and throttled is false.", "throttled", "false")]
    [InlineData(Benchmarks, 2, "clock_end_mhz", "1980000", "impossible-value", "it is 1980000; possible is between 1 and 20000.")]
    [InlineData(Benchmarks, 2, "clock_end_mhz", "1410", "throttled", "held the device's clocks down", "clock_start_mhz", "1980")]
    [InlineData(Benchmarks, 2, "memory_source", "unknown", "inconsistent-row", "it is unknown, and peak_memory_bytes is known.")]
    [InlineData(Benchmarks, 2, "peak_memory_bytes", "unknown", "inconsistent-row", "it is card-growth, and peak_memory_bytes is unknown.", "memory_source", "card-growth", "memory_source")]
    [InlineData(Benchmarks, 2, "bound_by", "device", "inconsistent-row", "it is device; by host_issue_ratio it is unknown.")]
    [InlineData(Benchmarks, 2, "bound_by", "host", "inconsistent-row", "it is host; by host_issue_ratio it is device.", "host_issue_ratio", "0.85")]
    [InlineData(Runs, 2, "throttle_reasons", "none", "inconsistent-row", "it is none, and throttled is unknown.")]
    [InlineData(Runs, 2, "throttle_reasons", "hw_slowdown", "inconsistent-row", "it is hw_slowdown, and throttled is unknown.")]
    public void BrokenCell_IsTheOnlyFinding(string file, int line, string column, string value, string kind, string message, string? beside = null, string? besideValue = null, string? found = null)
    {
        if (beside is not null)
            results.Edit(file, line, beside, besideValue!);
        results.Edit(file, line, column, value);
        Only(kind, $"{MadeUpResults.Id}/{file}", line, found ?? column, message);
    }

    [Theory]
    [InlineData("unknown", "unknown", "unknown", "unknown")]
    [InlineData("12.5", "rapl", "false", "none")]
    [InlineData("0.1", "nvml-power", "unknown", "unknown")]
    public void RowsThatTellOfTheDevice_AndRowsThatDoNot_AreBothGood(string joules, string source, string throttled, string reasons)
    {
        foreach (var (column, value) in new[] { ("energy_j", joules), ("energy_source", source), ("throttled", throttled), ("throttle_reasons", reasons), ("temperature_max_c", "61.5"), ("clock_min_mhz", "3393.6"), ("clock_start_mhz", "1980"), ("clock_end_mhz", "1785"), ("bound_by", "host"), ("host_issue_ratio", "0.9"), ("device_time_ms", "1.5") })
            results.Edit(Benchmarks, 2, column, value);

        Assert.Equal(0, ToolRun.Of("check", results.Root, "--strict").ExitCode);
    }

    [Fact]
    public void EnergyOfARun_IsThatOfItsEpochs()
    {
        for (var line = 2; line <= 4; line++)
        {
            results.Edit(Accuracy, line, "energy_j", "2.5");
            results.Edit(Accuracy, line, "energy_source", "rapl");
        }
        results.Edit(Runs, 2, "energy_j", "7.5");
        results.Edit(Runs, 2, "energy_source", "rapl");
        Assert.Equal(0, ToolRun.Of("check", results.Root, "--strict").ExitCode);

        results.Edit(Runs, 2, "energy_j", "7");
        Only("run-end", $"{MadeUpResults.Id}/{Runs}", 2, "energy_j", "it is 7; the run's epochs in accuracy.csv give 7.5.");
    }

    [Theory]
    [InlineData("2", 0)]
    [InlineData("3", 1)]
    public void EndWithoutPrecision_Disagrees_OnlyWhereTheColumnWasThere(string schemaVersion, int findings)
    {
        results.Edit(Runs, 2, "schema_version", schemaVersion);
        results.Edit(Runs, 2, "precision", "unknown");

        var run = ToolRun.Of("check", results.Root, "--format", "json");
        Assert.Equal(findings, JsonDocument.Parse(run.Output).RootElement.GetProperty("findings").GetArrayLength());
    }

    private void Only(string kind, string file, int line, string column, string message)
    {
        var run = ToolRun.Of("check", results.Root, "--format", "json");
        var found = Assert.Single(JsonDocument.Parse(run.Output).RootElement.GetProperty("findings").Deserialize<List<Found>>(JsonSerializerOptions.Web)!);
        Assert.Equal((kind, file, line, column), (found.Kind, found.File, found.Line, found.Column));
        Assert.Contains(message, found.Message, StringComparison.Ordinal);
        Assert.Equal(found.Severity == "error" ? ExitCode.Found : 0, run.ExitCode);
    }

    private sealed record Found(string Severity, string Kind, string File, int? Line, string? Column, string Message);
}
