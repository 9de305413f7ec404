using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using FreezeBench.Benchmarks.Cases;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>A benchmark that tells where it runs, or ends in one of many ways.</summary>
public class ProbeSuite
{
    internal const string Tells = "tells";
    internal const string Prints = "prints";
    internal const string Throws = "throws";
    internal const string ThrowsInSetUp = "throws in set-up";
    internal const string IsKilled = "is killed";
    internal const string Crashes = "crashes";
    internal const string Exits = "exits";

    internal const int LinesPrinted = 3000;

    [Params(Tells, Prints, Throws, ThrowsInSetUp, IsKilled, Crashes, Exits)]
    public string What { get; set; } = "";

    private static string Folder => Environment.GetEnvironmentVariable(ProbeRun.FolderVariable)!;

    [GlobalSetup]
    public void SetUp()
    {
        CaseFailure.Watch(Folder);
        if (What == ThrowsInSetUp)
            throw new InvalidOperationException("thrown by the set-up");
    }

    [Benchmark]
    public void Run()
    {
        switch (What)
        {
            case Tells: Tell(); break;
            case Prints: Print(); break;
            case IsKilled: Process.GetCurrentProcess().Kill(); break;
            case Crashes: Environment.FailFast("crashed on purpose"); break;
            case Exits: Environment.Exit(7); break;
            default: throw new InvalidOperationException("thrown by the benchmark");
        }
    }

    private static void Tell() => File.AppendAllLines(
        Path.Combine(Folder, "told"),
        [$"{Environment.ProcessId} {Environment.CurrentManagedThreadId} {Environment.GetEnvironmentVariable("DOTNET_TieredCompilation")} {string.Join(' ', Environment.GetCommandLineArgs().Skip(1))}"]);

    private static void Print()
    {
        for (var line = 0; line < LinesPrinted; line++)
        {
            Console.Out.WriteLine($"output {line}");
            Console.Error.WriteLine($"error {line}");
        }
        Console.Out.Write("without an end");
    }
}
