namespace FreezeBench.Benchmarks.Tests.Faults;

/// <summary>The two programs with libtorch as processes, on the least work that they have.</summary>
internal static class BothPrograms
{
    /// <summary>The accuracy runner.</summary>
    internal static string Accuracy => Path.Combine(AppContext.BaseDirectory, "FreezeBench.Accuracy.dll");

    /// <summary>The benchmarks.</summary>
    internal static string Benchmarks => Path.Combine(AppContext.BaseDirectory, "FreezeBench.Benchmarks.dll");

    /// <summary>Whether benchmarks run: a Debug build refuses to.</summary>
    internal static bool Measure => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    internal const string DebugRefusal = "A Debug build refuses to measure; run: dotnet test -c Release.";

    /// <summary>One thread: where other processes want the cores too, OpenMP's threads wait for each other longer than they work.</summary>
    private static string[] Small { get; } = ["--device", "cpu", "--threads", "1", "--resolution", "16"];

    /// <summary>A training on noise of so many epochs, all that it writes in one folder.</summary>
    internal static string[] Training(string folder, int epochs = 2) =>
    [
        .. Small, "--dataset", "synthetic", "--network", "mobilenet_v3_small", "--batch-size", "8", "--train-limit", "20", "--test-limit", "12", "--policies", "frozen-cached,fine-tune",
        "--epochs", $"{epochs}", "--out", Path.Combine(folder, "results"), "--checkpoint-dir", Path.Combine(folder, "checkpoints"), "--feature-cache", Path.Combine(folder, "features"),
    ];

    /// <summary>One case of a benchmark.</summary>
    internal static string[] Benchmark(string folder, params string[] more) =>
    [
        .. Small, "--quick", "--suites", "step", "--policies", "frozen-cached", "--network", "mobilenet_v3_small", "--filter", "*StepSuite.Step*", "--batch-size", "4", "--images-per-epoch", "8",
        "--iterationCount", "2", "--warmupCount", "1", "--out", Path.Combine(folder, "results"), .. more,
    ];
}
