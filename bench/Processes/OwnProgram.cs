using System.Diagnostics;
using System.Reflection;

namespace FreezeBench.Benchmarks.Processes;

/// <summary>The program that runs now.</summary>
internal static class OwnProgram
{
    /// <summary>How to start it once more: the same file, arguments, folder and environment.</summary>
    /// <remarks>With its arguments, since a program may choose by them what it measures.</remarks>
    internal static ProcessStartInfo Again() => With([.. Environment.GetCommandLineArgs().Skip(1)]);

    /// <summary>The same with other arguments.</summary>
    internal static ProcessStartInfo With(params IEnumerable<string> arguments)
    {
        var file = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not tell which file this process runs.");
        // "dotnet program.dll": the file of the process is the host.
        var isHost = Path.GetFileNameWithoutExtension(file).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        string[] program = isHost ? [Assembly.GetEntryAssembly()!.Location] : [];
        return new ProcessStartInfo(file, [.. program, .. arguments]);
    }
}
