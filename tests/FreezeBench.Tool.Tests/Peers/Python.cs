using System.Diagnostics;
using Xunit;

namespace FreezeBench.Tool.Tests.Peers;

/// <summary>Runs bench/peers/pytorch_twin.py with a Python of this machine.</summary>
internal static class Python
{
    private static readonly string twin = Path.Combine(Repository.Root, "bench", "peers", "pytorch_twin.py");

    // The system's Python beside the one of the search path: a virtual environment hides the packages of the system.
    private static readonly string[] candidates = [.. new[] { Environment.GetEnvironmentVariable("PYTHON") ?? "", "python3", "/usr/bin/python3" }.Where(name => name.Length > 0)];

    private static readonly Lazy<string?> any = new(() => candidates.FirstOrDefault(python => Start(python, "-c", "pass").ExitCode == 0));
    private static readonly Lazy<string?> withTorch = new(() => candidates.FirstOrDefault(python => Start(python, "-c", "import torch").ExitCode == 0));

    /// <summary>Runs the twin where there is a Python without torch: with -S none of its packages is found.</summary>
    internal static (int ExitCode, string Output, string Errors) TwinWithoutTorch(params string[] arguments)
    {
        Assert.SkipWhen(any.Value is null, "No python3 is installed.");
        return Start(any.Value!, ["-S", twin, .. arguments]);
    }

    /// <summary>Runs Python code that has the twin as <c>twin</c>, where there is a Python without torch.</summary>
    /// <returns>What it prints.</returns>
    internal static string WithTwin(string code, params string[] arguments)
    {
        Assert.SkipWhen(any.Value is null, "No python3 is installed.");
        // -B: no folder of compiled files in the repository.
        var (exitCode, output, errors) = Start(any.Value!, ["-S", "-B", "-c", $"import json, sys\nsys.path.insert(0, sys.argv[1])\nimport pytorch_twin as twin\n{code}", Path.GetDirectoryName(twin)!, .. arguments]);
        Assert.True(exitCode == 0, errors);
        return output.TrimEnd();
    }

    /// <summary>Runs the twin, or skips the test where no Python has torch.</summary>
    internal static (int ExitCode, string Output, string Errors) Twin(params string[] arguments)
    {
        Assert.SkipWhen(withTorch.Value is null, "No python3 with torch is installed (Debian: python3-torch).");
        return Start(withTorch.Value!, [twin, .. arguments]);
    }

    private static (int ExitCode, string Output, string Errors) Start(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.Result);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return (-1, "", error.Message);
        }
    }
}
