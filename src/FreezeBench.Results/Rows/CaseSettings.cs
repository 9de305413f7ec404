using System.Globalization;
using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>Which case it is, for everything that groups, joins or compares cases: equal where all settings are.</summary>
/// <remarks>
/// A null stands for a setting that is left open: it keeps no cases apart and is not told. The meaning of each: the column of its name in
/// <see cref="BenchmarkRow"/>. <c>DeviceKind</c> is the device without its number: cuda:0 and cuda:1 of one environment are the same product, else the
/// id would differ. Warm-up, operations a sample and the number of samples are how it was measured, not what.
/// </remarks>
public sealed record CaseSettings(
    string? Suite = null, string? Policy = null, string? Phase = null, string? Framework = null, KernelKind? Kernels = null,
    string? Backbone = null, string? Weights = null, string? Dataset = null, int? Classes = null, int? ResolutionPx = null, int? BatchSize = null, int? Images = null,
    string? Precision = null, string? MemoryFormat = null, int? Threads = null, string? Device = null, string? DeviceKind = null, string? CudnnAutotune = null,
    string? EnvironmentId = null)
{
    /// <summary>Policy and phase: what a reader knows the case by.</summary>
    public string Name => $"{Policy} {Phase}";

    /// <summary>Whether it is all of an epoch or of a step. The other phases are parts of one, or a second look at it.</summary>
    public bool IsWhole => (Suite, Phase) is ("epoch", "epoch") or ("step", "step");

    /// <summary>Equal where, and only where, all settings are; for sorting.</summary>
    public string Key => string.Join('\n', Values.Select(value => value.Text));

    /// <summary>The settings that are not left open, by column of benchmarks.csv, in a fixed order.</summary>
    public IReadOnlyList<(string Column, string Text)> Values =>
    [
        .. from setting in new (string Column, string? Text)[]
           {
               ("suite", Suite), ("policy", Policy), ("phase", Phase), ("framework", Framework), ("kernels", Kernels?.Word()), ("backbone", Backbone),
               ("weights", Weights), ("dataset", Dataset), ("classes", Number(Classes)), ("resolution_px", Number(ResolutionPx)), ("batch_size", Number(BatchSize)),
               ("images", Number(Images)), ("precision", Precision), ("memory_format", MemoryFormat), ("threads", Number(Threads)), ("device", Device),
               ("device_kind", DeviceKind), ("cudnn_autotune", CudnnAutotune), ("environment_id", EnvironmentId),
           }
           where setting.Text is not null
           select (setting.Column, setting.Text),
    ];

    /// <summary>What names a case in benchmarks.csv and in samples.csv alike.</summary>
    public static CaseSettings NameOf(NamedCase measured) => new CaseSettings(
        measured.Suite, measured.Policy, measured.Phase, measured.Framework, measured.Kernels, measured.Backbone, Dataset: measured.Dataset,
        ResolutionPx: measured.ResolutionPx, BatchSize: measured.BatchSize, Precision: measured.Precision, MemoryFormat: measured.MemoryFormat);

    /// <summary>The settings of a case, whoever measured it.</summary>
    public static CaseSettings Of(BenchmarkCase measured) => NameOf(measured) with
    {
        Weights = measured.Weights,
        Classes = measured.Classes,
        Images = measured.Images,
        Threads = measured.Threads,
        Device = measured.Device,
    };

    /// <summary>What a case computes, however and wherever: what two machines must share before their times may share a ratio. For two
    /// frameworks on one machine the same without <see cref="Framework"/>.</summary>
    /// <remarks>Left open is how a machine does it: threads, memory format, cuDNN's autotuning, device, environment.</remarks>
    public static CaseSettings Workload(BenchmarkCase measured) => Of(measured) with { MemoryFormat = null, Threads = null, Device = null };

    /// <summary>Workload, and how the machine does it: what two rows of one machine must share before their times may share a ratio.</summary>
    public static CaseSettings Comparable(BenchmarkRow row) => Workload(row) with
    {
        MemoryFormat = row.MemoryFormat,
        Threads = row.Threads,
        DeviceKind = row.Device.Split(':')[0],
        CudnnAutotune = row.CudnnAutotune switch { true => "true", false => "false", null => Unknown.Text },
        EnvironmentId = row.EnvironmentId,
    };

    /// <summary>What the cases of one table share: all but policy, kernels and what was timed.</summary>
    public static CaseSettings OfTable(BenchmarkRow row) => Of(row) with { Suite = null, Policy = null, Phase = null, Kernels = null, Images = null };

    /// <summary>What tells the cases of one table apart.</summary>
    public static CaseSettings InTable(BenchmarkRow row) =>
        new CaseSettings(row.Suite, row.Policy, row.Phase, Kernels: row.Kernels);

    /// <summary>Columns whose values differ, in their order.</summary>
    public IReadOnlyList<SettingDifference> DifferencesTo(CaseSettings other) =>
    [
        .. from mine in Values
           join theirs in other.Values on mine.Column equals theirs.Column
           where mine.Text != theirs.Text
           select new SettingDifference(mine.Column, mine.Text, theirs.Text),
    ];

    /// <summary>The settings in one line, policy, kernels and phase apart; equal lines only for equal settings.</summary>
    public string Text
    {
        get
        {
            string?[] parts =
            [
                Backbone,
                Weights == "random" ? "random weights" : $"weights {Weights}",
                // The images of a suite's operation stand beside the batch, those of an epoch beside the data set.
                Suite is null && Images is not null ? $"{Dataset} ({Number(Images)} images an epoch)" : Dataset,
                $"{Number(Classes)} classes",
                With(ResolutionPx, "px"),
                BatchSize is null ? null : $"batch {Number(BatchSize)}",
                Suite is null ? null : With(Images, "images"),
                Precision,
                MemoryFormat,
                With(Threads, Threads == 1 ? "thread" : "threads"),
                Device,
                Framework is null or NamedCase.OwnFramework ? null : Framework,
            ];
            return (Suite is null ? "" : $"{Suite}: ") + string.Join(", ", parts.Where(part => part is not null));
        }
    }

    private static string? With(int? number, string unit) => number is null ? null : $"{Number(number)} {unit}";

    private static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
