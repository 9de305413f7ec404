using System.Diagnostics;
using FreezeBench.Benchmarks.Cases;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>Runs programs of the machine, above all the dotnet command line, as a user would.</summary>
internal static class Shell
{
    /// <summary>The folder with Benchmarks.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Runs dotnet and returns its exit code and all that it printed.</summary>
    public static (int ExitCode, string Output) Dotnet(string workingDirectory, params string[] arguments) =>
        Run("dotnet", workingDirectory, arguments);

    public static (int ExitCode, string Output) Run(string program, string workingDirectory, params string[] arguments) =>
        Run([], program, workingDirectory, arguments);

    /// <summary>The same with variables of the environment beside or in place of this process's.</summary>
    public static (int ExitCode, string Output) Run(IEnumerable<KeyValuePair<string, string>> environment, string program, string workingDirectory, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // "dotnet test" hands its own MSBuild down, and CI may have chosen a backend: neither is part of the question.
        foreach (var name in start.Environment.Keys.Where(IsInherited).ToList())
            start.Environment.Remove(name);
        // Other tests run beside it, and nobody keeps its times.
        start.Environment[UnkeptTimes.Variable] = "1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private static bool IsInherited(string name) =>
        (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
            && !name.Equals("MSBUILDDISABLENODEREUSE", StringComparison.OrdinalIgnoreCase))
        || name.StartsWith("Torch", StringComparison.OrdinalIgnoreCase)
        || name.Equals("NvidiaDriverPresent", StringComparison.OrdinalIgnoreCase);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Benchmarks.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has Benchmarks.sln.");
    }
}
