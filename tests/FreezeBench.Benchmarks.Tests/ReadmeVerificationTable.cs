using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Verification;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>The README's table of what has been run where, from the committed verification files.</summary>
internal static class ReadmeVerificationTable
{
    private const string Never = "**never**";

    // By what the environment's record says of system and device.
    private static readonly (string Name, Func<EnvironmentRecord, bool> Is)[] platforms =
    [
        ("Linux, CPU", record => IsLinux(record) && !record.Torch.UsesGpu),
        ("Linux, CUDA", record => IsLinux(record) && record.Torch.UsesGpu),
        ("Windows, CPU or CUDA", record => record.Machine.OperatingSystem.Contains("Windows", StringComparison.Ordinal)),
        ("macOS, CPU", record => record.Machine.OperatingSystem.Contains("macOS", StringComparison.Ordinal) || record.Machine.OperatingSystem.Contains("Darwin", StringComparison.Ordinal)),
    ];

    // Some checks to a column, or the table were wider than a screen.
    private static readonly (string Title, string[] Checks)[] columns =
    [
        ("facts, symbols", ["facts", "symbols"]),
        ("training fp32, bf16, fp16", ["training-fp32", "training-bf16", "training-fp16"]),
        ("tf32", ["training-tf32", "tf32-switches"]),
        ("folding, foreach, determinism", ["folding", "foreach", "determinism"]),
        ("batches, memory", ["batches", "memory"]),
        ("watching, phases, peak", ["watching", "phases", "peak"]),
        ("workloads", ["workloads"]),
        ("PyTorch", ["pytorch"]),
    ];

    internal static string Build(string results)
    {
        var verified = Directory.GetDirectories(results).Select(folder => Path.Combine(folder, VerificationFile.FileName)).Where(File.Exists)
            .Select(path => new Verified(VerificationFile.Read(path), EnvironmentFile.Read(Path.Combine(Path.GetDirectoryName(path)!, EnvironmentFile.FileName))));
        return Build([.. verified]);
    }

    internal static string Build(IReadOnlyList<Verified> verified) => string.Join('\n',
    [
        $"| `--gpu-check` | {string.Join(" | ", columns.Select(column => column.Title))} |",
        $"|---|{string.Concat(columns.Select(_ => "---|"))}",
        .. platforms.Select(platform => Row(platform.Name, verified.Where(item => platform.Is(item.Environment)).MaxBy(item => item.Verification.UtcTime))),
    ]);

    // The newest of the platform; null: there is none.
    private static string Row(string platform, Verified? newest)
    {
        var origin = newest is { Verification: var made } ? $": {Machine(newest.Environment)}, {made.UtcTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, commit {Commit(made)}" : "";
        return $"| {platform}{origin} | {string.Join(" | ", columns.Select(column => newest is null ? Never : Cell(newest.Verification, column.Checks)))} |";
    }

    private static string Machine(EnvironmentRecord record) => record.Torch.UsesGpu ? record.Gpu.Name : EnvironmentName.Cpu(record.Machine);

    private static string Commit(DeviceVerification verification) => $"{verification.Commit[..Math.Min(10, verification.Commit.Length)]}{(verification.Dirty == true ? " (dirty)" : "")}";

    private static string Cell(DeviceVerification verification, string[] checks)
    {
        var made = checks.Select(verification.Find).OfType<VerifiedCheck>().ToList();
        var failed = made.Where(check => check.Outcome == CheckOutcome.Fail).Select(check => check.Name).ToList();
        var left = made.Where(check => check.Outcome == CheckOutcome.NotRun).Select(check => check.Name).ToList();
        return failed is not [] ? $"**{string.Join(", ", failed)} failed**"
            : left is not [] ? $"**{string.Join(", ", left)} not run**"
            : made.Exists(check => check.Outcome == CheckOutcome.Pass) ? "passed"
            : made is [] ? Never
            : "not applicable";
    }

    /// <summary>A committed file, and the machine it is of.</summary>
    internal sealed record Verified(DeviceVerification Verification, EnvironmentRecord Environment);

    private static readonly string[] others = ["Windows", "macOS", "Darwin"];

    private static bool IsLinux(EnvironmentRecord record) => record.Machine.KernelVersion.Contains("Linux", StringComparison.Ordinal)
        || !others.Any(name => record.Machine.OperatingSystem.Contains(name, StringComparison.Ordinal));
}
