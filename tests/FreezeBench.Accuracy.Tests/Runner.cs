using FreezeBench.Results.Rows;
using Spectre.Console.Testing;

namespace FreezeBench.Accuracy.Tests;

/// <summary>Runs the accuracy runner in this process on the least that shows it, and reads what it wrote.</summary>
internal static class Runner
{
    /// <summary>Tiny images, few of them, one thread: a second or two an epoch.</summary>
    internal static readonly string[] Tiny = ["--device", "cpu", "--threads", "1", "--resolution", "16", "--batch-size", "8", "--train-limit", "20", "--test-limit", "12"];

    internal static (IReadOnlyList<AccuracyRow> Rows, string Output, string Progress) Run(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            using TestConsole output = new(), progress = new();
            AccuracyProgram.Run([.. arguments, "--out", folder], output, progress);
            var machine = Directory.GetDirectories(folder).Single();
            return (ResultStore.Read<AccuracyRow>(Path.Combine(machine, AccuracyRow.FileName)), output.Output, progress.Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
