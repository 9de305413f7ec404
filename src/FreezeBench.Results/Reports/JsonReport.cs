using System.Text.Json;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>Writes the report as JSON for programs.</summary>
/// <remarks>
/// <para>
/// One object: <c>schema_version</c>, <c>environments</c>, <c>matrices</c>; the members of each are the properties of <see cref="Report"/>,
/// <see cref="EnvironmentReport"/>, <see cref="TimeGroup"/>, <see cref="AccuracyGroup"/>, <see cref="ScalingSeries"/> and <see cref="Matrix"/> in their
/// order and in snake case, units included (<c>epoch_ms</c>, <c>images_per_s</c>, <c>final_accuracy</c> and <c>backward_share</c> as fractions).
/// A figure is <c>value</c>, <c>lower</c>, <c>upper</c>, <c>origin</c>. What was not measured is null, and so is a number that
/// is not finite, for which JSON has no word. Members are added, never renamed; then the version rises.
/// </para>
/// <para>
/// UTF-8 without BOM, line feeds, numbers in the shortest form that reads back as the same bits. Everything beyond ASCII and
/// the characters &lt; &gt; &amp; ' " + are escaped, so that the text can stand inside an HTML script element.
/// </para>
/// </remarks>
public static class JsonReport
{
    /// <summary>Version of the layout.</summary>
    public const int SchemaVersion = 2;

    // The default encoder is the one that is safe inside HTML.
    private static readonly JsonWriterOptions options = new() { Indented = true, IndentSize = 1, NewLine = "\n" };

    /// <summary>Writes the report; the stream stays open.</summary>
    public static void Write(Report report, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(stream);
        using (var json = new Utf8JsonWriter(stream, options))
        {
            json.WriteStartObject();
            json.WriteNumber("schema_version", SchemaVersion);
            json.Array("environments", report.Environments, environment => Environment(json, environment));
            json.Array("matrices", report.Matrices, matrix => Matrix(json, matrix));
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    }

    private static void Environment(Utf8JsonWriter json, EnvironmentReport environment)
    {
        json.WriteString("id", environment.Id);
        json.WriteString("name", environment.Name);
        json.Array("facts", environment.Facts, fact => json.Strings(("name", fact.Name), ("value", fact.Value)));
        json.WriteString("answer", environment.Answer);
        json.Array("times", environment.Times, group => Times(json, group));
        json.Array("accuracies", environment.Accuracies, group => Accuracies(json, group));
        json.Array("scaling", environment.Scaling, series => Scaling(json, series));
        json.Array("disturbed_runs", environment.DisturbedRuns, run => json.Strings(("run_id", run.RunId), ("reason", run.Reason)));
    }

    private static void Times(Utf8JsonWriter json, TimeGroup group)
    {
        json.WriteString("settings", group.Settings);
        json.Array("policies", group.Policies, policy => Policy(json, policy));
        json.Array("others", group.Others, other =>
        {
            Named(json, other);
            json.WriteString("phase", other.Phase);
            json.Figure("time_ms", other.TimeMs);
        });
        json.Array("kernel_gains", group.KernelGains, gain =>
        {
            json.Strings(("policy", gain.Policy), ("what", gain.What));
            json.Figure("times_as_fast", gain.TimesAsFast);
        });
    }

    private static void Policy(Utf8JsonWriter json, PolicyTimes policy)
    {
        Named(json, policy);
        json.Figure("epoch_ms", policy.EpochMs);
        json.Figure("images_per_s", policy.ImagesPerS);
        json.Figure("speed_up", policy.SpeedUp);
        json.Figure("step_ms", policy.StepMs);
        json.Figure("peak_memory_bytes", policy.PeakMemoryBytes);
        json.Figure("epoch_energy_j", policy.EpochEnergyJ);
        json.WriteString("energy_source", policy.EnergySource);
        json.Array("phases", policy.Phases, phase =>
        {
            json.WriteString("phase", phase.Phase);
            json.Figure("time_ms", phase.TimeMs);
        });
        json.Number("backward_share", policy.BackwardShare);
        json.Figure("depth_backward_ms", policy.DepthBackwardMs);
        json.Figure("depth_step_ms", policy.DepthStepMs);
        json.Number("trained_share", policy.TrainedShare);
        json.Number("trained_checkpoint_bytes", policy.TrainedCheckpointBytes);
        json.Figure("time_share", policy.TimeShare);
        json.Figure("memory_share", policy.MemoryShare);
    }

    private static void Named(Utf8JsonWriter json, IOfPolicy row)
    {
        json.WriteString("policy", row.Policy);
        json.WriteString("kernels", row.Kernels?.Word());
    }

    private static void Accuracies(Utf8JsonWriter json, AccuracyGroup group)
    {
        json.WriteString("settings", group.Settings);
        json.WriteNumber("classes", group.Classes);
        json.Array("policies", group.Policies, policy =>
        {
            Named(json, policy);
            json.WriteStartArray("seeds");
            foreach (var seed in policy.Seeds)
                json.WriteNumberValue(seed);
            json.WriteEndArray();
            json.Array("points", policy.Points, point =>
            {
                json.WriteNumber("epoch", point.Epoch);
                json.Number("mean_accuracy", point.MeanAccuracy);
                json.Number("lowest_accuracy", point.LowestAccuracy);
                json.Number("highest_accuracy", point.HighestAccuracy);
                json.Number("train_time_s", point.TrainTimeS);
            });
            json.Figure("final_accuracy", policy.FinalAccuracy);
            json.Figure("train_time_s", policy.TrainTimeS);
            json.Figure("first_epoch_s", policy.FirstEpochS);
            json.Figure("later_epoch_s", policy.LaterEpochS);
            json.Figure("epoch_energy_j", policy.EpochEnergyJ);
            json.WriteString("energy_source", policy.EnergySource);
        });
    }

    private static void Scaling(Utf8JsonWriter json, ScalingSeries series)
    {
        json.WriteString("settings", series.Settings);
        Named(json, series);
        json.WriteString("size", series.Size);
        json.Array("points", series.Points, point =>
        {
            json.WriteNumber("size", point.Size);
            json.Figure("images_per_s", point.ImagesPerS);
        });
    }

    private static void Matrix(Utf8JsonWriter json, Matrix matrix)
    {
        json.WriteString("settings", matrix.Settings);
        json.Array("rows", matrix.Rows, row =>
        {
            json.Strings(("environment_id", row.EnvironmentId), ("name", row.Name));
            json.Array("policies", row.Policies, policy => Policy(json, policy));
        });
    }
}
