using FreezeBench.Programs;
using FreezeBench.Results.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Accuracy.Tests;

/// <summary>What a command left behind.</summary>
internal sealed record RunnerResult(IReadOnlyList<AccuracyRow> Rows, IReadOnlyList<RunRow> Ends, string Output, string Progress);

/// <summary>Runs the accuracy runner in this process on the least that shows it, and reads what it wrote.</summary>
internal static class Runner
{
    private static readonly string[] few = ["--device", "cpu", "--threads", "1", "--resolution", "16", "--batch-size", "8", "--train-limit", "20", "--test-limit", "12"];

    /// <summary>Tiny images, few of them, one thread, a thin network: hundredths of a second an epoch.</summary>
    internal static readonly string[] Smallest = ["--device", "cpu", "--threads", "1", "--network", TinyNetworks.Thin, "--resolution", "16", "--test-limit", "12", "--dataset", "synthetic"];

    /// <summary>The same with batches and a training set.</summary>
    internal static readonly string[] Tiny = ["--network", TinyNetworks.Thin, .. few];

    /// <summary>The same on images that no file holds.</summary>
    internal static readonly string[] Synthetic = [.. Tiny, "--dataset", "synthetic"];

    /// <summary>The same with a network whose steps draw random numbers.</summary>
    internal static readonly string[] WithDropout = ["--network", TinyNetworks.WithDropout, .. few, "--dataset", "synthetic"];

    /// <summary>The same with the smallest network that the program knows in a process of its own; it has dropout too.</summary>
    internal static readonly string[] InAnyProcess = [.. few, "--dataset", "synthetic", "--network", "mobilenet_v3_small"];

    internal static RunnerResult Run(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        using TestConsole output = new(), progress = new();
        Assert.Equal(0, AccuracyProgram.Run([.. arguments, .. Folders(folder)], output, progress));
        // Nothing is left to resume where everything ended.
        Assert.Empty(Directory.GetDirectories(folder.File("checkpoints")));
        return new RunnerResult(Rows<AccuracyRow>(folder), Rows<RunRow>(folder), output.Output, progress.Output);
    }

    /// <summary>The message with which a command is refused.</summary>
    internal static string Refusal(params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        using var errors = new StringWriter();
        using TestConsole console = new();
        Assert.Equal(CommandLineHost.BadRequest, CommandLineHost.Run(() => AccuracyProgram.Run([.. arguments, .. Folders(folder)], console, console), errors));
        Assert.DoesNotContain("   at ", errors.ToString(), StringComparison.Ordinal);
        return errors.ToString();
    }

    /// <summary>Options that keep everything a command writes inside a folder.</summary>
    internal static string[] Folders(TemporaryFolder folder) => ["--out", folder.File("results"), "--checkpoint-dir", folder.File("checkpoints"), "--feature-cache", folder.File("features")];

    /// <summary>Rows that commands with these <see cref="Folders"/> wrote; none where they wrote none.</summary>
    internal static IReadOnlyList<TRow> Rows<TRow>(TemporaryFolder folder) where TRow : IResultRow =>
        Directory.Exists(folder.File("results")) ? new ResultStore(Directory.GetDirectories(folder.File("results")).Single()).Read<TRow>() : [];
}
