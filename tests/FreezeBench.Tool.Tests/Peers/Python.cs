using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace FreezeBench.Tool.Tests.Peers;

/// <summary>Runs bench/peers/pytorch_twin.py with a Python of this machine.</summary>
internal static class Python
{
    private static readonly string twin = Path.Combine(Repository.Root, "bench", "peers", "pytorch_twin.py");

    // The system's Python beside the one of the search path: a virtual environment hides the packages of the system.
    private static readonly string[] candidates = [.. new[] { Environment.GetEnvironmentVariable("PYTHON") ?? "", "python3", "/usr/bin/python3" }.Where(name => name.Length > 0)];

    private static readonly Lazy<string?> any = new(() => First("pass"));
    // Found, not imported, which takes two seconds of the processor.
    private static readonly Lazy<string?> withTorch = new(() => First("import importlib.util; sys.exit(importlib.util.find_spec('torch') is None)"));

    // What Python makes of the twin's text takes longer than the rest of a start, and may not lie in the repository.
    private static readonly Lazy<string> compiled = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("freezebench-compiled-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

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
        return WithTwin(any.Value!, ["-S"], $"sys.dont_write_bytecode, sys.pycache_prefix = False, {JsonSerializer.Serialize(compiled.Value)}", code, arguments);
    }

    /// <summary>The same with a Python that has torch, or skips the test.</summary>
    internal static string WithTwinAndTorch(string code, params string[] arguments)
    {
        Assert.SkipWhen(withTorch.Value is null, "No python3 with torch is installed (Debian: python3-torch).");
        // Torch would be compiled anew, too.
        return WithTwin(withTorch.Value!, [], "", code, arguments);
    }

    // -B: no folder of compiled files in the repository.
    private static string WithTwin(string python, string[] options, string before, string code, string[] arguments)
    {
        var (exitCode, output, errors) = Start(python, [.. options, "-B", "-c", $"import json, sys\n{before}\nsys.path.insert(0, sys.argv[1])\nimport pytorch_twin as twin\n{code}", Path.GetDirectoryName(twin)!, .. arguments]);
        Assert.True(exitCode == 0, errors);
        return output.TrimEnd();
    }

    /// <summary>Runs the twin, or skips the test where no Python has torch.</summary>
    internal static (int ExitCode, string Output, string Errors) Twin(params string[] arguments)
    {
        Assert.SkipWhen(withTorch.Value is null, "No python3 with torch is installed (Debian: python3-torch).");
        return Start(withTorch.Value!, [twin, .. arguments]);
    }

    /// <summary>The same with one command line after the other, whose cases are copies of one process that has torch and the processor's peak already: each takes two seconds less.</summary>
    /// <remarks>A test whose cases are started as a user's are needs <see cref="Twin"/>.</remarks>
    internal static (int ExitCode, string Output, string Errors) TwinOfCopies(params IReadOnlyList<string>[] commands)
    {
        Assert.SkipWhen(withTorch.Value is null, "No python3 with torch is installed (Debian: python3-torch).");
        return Start(withTorch.Value!, ["-B", Path.Combine(Repository.Root, "tests", "FreezeBench.Tool.Tests", "Peers", "twin_of_copies.py"), Path.GetDirectoryName(twin)!, .. commands.SelectMany((command, index) => index == 0 ? command : ["--", .. command])]);
    }

    /// <summary>Runs the twin with several command lines, one after the other in one process, or skips the test where no Python has torch.</summary>
    /// <returns>What each printed.</returns>
    internal static IReadOnlyList<string> TwinOf(params string[][] commands)
    {
        Assert.SkipWhen(withTorch.Value is null, "No python3 with torch is installed (Debian: python3-torch).");
        const string Program = "import sys; sys.path.insert(0, sys.argv[1]); import pytorch_twin\n"
            + "for command in sys.argv[2:]:\n    code = pytorch_twin.main(command.split())\n    print(chr(12), end='')\n    if code: sys.exit(code)";
        var (exitCode, output, errors) = Start(withTorch.Value!, ["-B", "-c", Program, Path.GetDirectoryName(twin)!, .. commands.Select(command => string.Join(' ', command))]);
        Assert.True(exitCode == 0, errors);
        return output.Split('\f')[..^1];
    }

    /// <summary>The program itself of the first candidate that runs some code to a good end: the name may be that of a script, such as pyenv's, which takes ten times as long to find it as it takes to start.</summary>
    private static string? First(string code) => candidates.Select(python => Start(python, "-c", $"import sys; print(sys.executable); {code}")).Where(run => run.ExitCode == 0).Select(run => run.Output.Trim()).FirstOrDefault();

    private static (int ExitCode, string Output, string Errors) Start(string program, params string[] arguments)
    {
        try
        {
            // Other tests run beside it, and nobody keeps its times.
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["FREEZEBENCH_MEASURE_ONCE"] = "1" } })!;
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
