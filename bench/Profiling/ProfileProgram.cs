using System.Globalization;
using System.Text;
using FreezeBench.Benchmarks.Output;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Benchmarks.Suites;
using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;
using Spectre.Console;

namespace FreezeBench.Benchmarks.Profiling;

/// <summary>What <c>--profile</c> does: a profile of a step for every policy, one file, one table each.</summary>
/// <remarks>In this process, without BenchmarkDotNet: a profile shows where time goes, and its times are no results.</remarks>
internal static class ProfileProgram
{
    private const int WarmUps = 3;   // Jitting, libtorch's kernel choice, and cuDNN's.
    private const int TopRows = 12;

    internal static int Run(BenchmarkSettings settings, RunSession session, string folder, IAnsiConsole output, IAnsiConsole progress)
    {
        var device = session.Device.ToTorch();
        // One set of kernels for a table; fast ones where nobody says.
        var kernels = KernelSet.Parse(settings.KernelsAsked ? settings.Kernels[0] : KernelSet.Fast.Name);
        kernels.PrepareProcess();
        List<ProfileRow> rows = [];
        foreach (var policy in settings.Policies)
        {
            progress.MarkupLineInterpolated($"profiling   {policy}");
            using var data = BenchmarkData.Load(settings, settings.ImagesPerEpoch, device);
            NarrowImageRefusal.ThrowIfAny(NetworkCatalog.Parse(settings.Backbone), data.Classes, settings.ResolutionPx, FreezingPolicy.Parse(policy), session.Precision, session.Device.Type);
            using var trainer = new Trainer(
                NetworkCatalog.Parse(settings.Backbone), FreezingPolicy.Parse(policy), data, settings.ResolutionPx,
                settings.MemoryFormatOf(kernels.Name), new TrainingOptions { BatchSize = settings.BatchSize, Precision = session.Precision, Kernels = kernels });
            if (trainer.NeedsFeatures)
                trainer.ExtractFeatures();
            var profile = Profile.Of(trainer, new DeviceClock(device), WarmUps, settings.Quick ? 4 : 10);
            Write(output, policy, profile);
            rows.AddRange(profile.Rows);
        }
        var cells = string.Create(
            CultureInfo.InvariantCulture,
            $"{settings.Backbone},{settings.ResolutionPx},{settings.BatchSize},{session.Precision},{settings.MemoryFormatOf(kernels.Name)},{settings.Threads},{settings.Device}");
        var path = Save(folder, rows.Select(row => row.ToLine(cells, kernels.Name)));
        output.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{rows.Count} rows in {path}");
        return 0;
    }

    /// <summary>Writes the file.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="UserErrorException">It cannot be written, or a pipe or a device is in its place.</exception>
    internal static string Save(string folder, IEnumerable<string> lines)
    {
        var path = Path.Combine(folder, ProfileRow.FileName);
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(string.Concat(lines.Prepend(ProfileRow.Header).Select(line => line + "\n"))));
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The profile could not be written to {path}: {error.Message} Pass another --out.", error);
        }
    }

    private static void Write(IAnsiConsole output, string policy, Profile profile)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in (string[])["phase", "layer", "ms", "of the step"])
            table.AddColumn(new TableColumn(column) { NoWrap = true, Alignment = column is "phase" or "layer" ? Justify.Left : Justify.Right });
        foreach (var row in profile.Rows.OrderByDescending(row => row.MedianMs).Take(TopRows))
            table.AddRow(row.Phase.Name(), row.Layer, CellText.Number(row.MedianMs, "0.000"), CellText.Number(100 * row.ShareOfStep, "0.0") + " %");
        output.MarkupLineInterpolated($"{policy}: the largest parts of a step.");
        output.Write(table);
        var phases = StepPhases.All.Select(phase => (phase, Ms: profile.UndisturbedMs[phase]));
        output.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"The layers add up to {profile.Disturbance(StepPhase.Forward):0.00} (forward) and {profile.Disturbance(StepPhase.Backward):0.00} (backward)");
        output.MarkupLine("times the undisturbed phases.");
        output.MarkupLineInterpolated($"Undisturbed, ms: {string.Join(", ", phases.Select(part => $"{part.phase.Name()} {CellText.Number(part.Ms, "0.00")}"))}.");
    }
}
