using System.Diagnostics;
using System.Globalization;
using FreezeBench.Benchmarks.Processes;
using FreezeBench.Programs;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Verification;
using TorchSharp;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>Checks that are programs of their own, and whose rows go into the results.</summary>
internal static class SideChecks
{
    internal const string WorkloadsName = "workloads", PyTorchName = "pytorch";

    // Some cases of the steps in PyTorch, each with a process that imports it. Without it they would get nothing where the workloads take all.
    private static readonly TimeSpan forPyTorch = TimeSpan.FromSeconds(100);

    // A name of Python's own installation on Windows; elsewhere "python" may be of version 2.
    private static string Python => Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } chosen ? chosen : (OperatingSystem.IsWindows() ? "python" : "python3");

    /// <summary>The standard workloads of the device, once.</summary>
    internal static CheckFinding Workloads(RunSession session, CheckBudget budget)
    {
        if (session.Device.Type == DeviceType.CPU)
            return CheckFinding.NotApplicable("on a CPU they take minutes; the benchmark without --gpu-check measures them");
        budget = budget.Without(Twin(AppContext.BaseDirectory, session.Folder) is null ? TimeSpan.Zero : forPyTorch);
        if (budget.IsSpent)
            return budget.NotRun(begun: false);
        var store = new ResultStore(Path.Combine(session.ResultsFolder, session.Begin().Environment.Id));
        var before = store.Read<BenchmarkRow>().Count;
        var (succeeded, end) = ChildProgram.Run(OwnProgram.With("--device", session.Device.Name, "--out", session.ResultsFolder), () => budget.Left);
        VerifiedFigure rows = new("rows", store.Read<BenchmarkRow>().Count - before) { AtLeast = 1 };
        return succeeded ? CheckFinding.Of(rows)
            : budget.IsSpent ? budget.NotRun(begun: true, string.Create(CultureInfo.InvariantCulture, $"{rows.Value} rows of cases that had ended are among the results"))
            : CheckFinding.Failed($"the benchmark {end}; its messages are above", rows);
    }

    /// <summary>The script of the steps in PyTorch; null: it is not there.</summary>
    /// <param name="program">Folder of the program's files, which a bundle has beside that of the script.</param>
    /// <param name="folder">What the program belongs to: the repository.</param>
    internal static string? Twin(string program, string folder) => Array.Find(
        [Path.GetFullPath(Path.Combine(program, "..", "peers", "pytorch_twin.py")), Path.Combine(folder, "bench", "peers", "pytorch_twin.py")], File.Exists);

    /// <summary>The same steps in PyTorch, where there is one.</summary>
    internal static CheckFinding PyTorch(RunSession session, CheckBudget budget)
    {
        if (Twin(AppContext.BaseDirectory, session.Folder) is not { } twin)
            return CheckFinding.NotApplicable("the script of the steps in PyTorch, bench/peers/pytorch_twin.py, is not beside this program");
        if (budget.IsSpent)
            return budget.NotRun(begun: false);
        var cuda = session.Device.Type == DeviceType.CUDA;
        var probe = new ProcessStartInfo(Python, ["-c", cuda ? "import torch, sys; sys.exit(not torch.cuda.is_available())" : "import torch"]) { RedirectStandardError = true };
        if (!ChildProgram.Run(probe, () => budget.Left).Succeeded)
            return budget.IsSpent ? budget.NotRun(begun: true) : CheckFinding.NotApplicable($"'{Python}' has no torch{(cuda ? " that sees the GPU" : "")}; PYTHON names another");
        // Eager mode alone: torch.compile would take the minutes that are left, and a budget that ends in the middle of it.
        string[] sizes = ["--frameworks", "pytorch", .. cuda ? ["--batch-size", "128"] : (string[])["--batch-size", "16", "--quick"]];
        var (succeeded, end) = ChildProgram.Run(
            new(Python, [twin, "--suites", "step", "--policies", "fine-tune,frozen", "--resolution", "32", .. sizes, "--device", session.Device.Name, "--out", session.ResultsFolder]), () => budget.Left);
        return succeeded ? CheckFinding.Of(new VerifiedFigure("exit_code", 0)) : budget.IsSpent ? budget.NotRun(begun: true) : CheckFinding.Failed($"the steps in PyTorch {end}; their messages are above");
    }
}
