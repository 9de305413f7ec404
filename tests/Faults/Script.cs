using System.Diagnostics;
using Xunit;

namespace FreezeBench.Faults;

/// <summary>Programs for tests that are scripts of a shell.</summary>
internal static class Script
{
    /// <summary>Writes one that can be run at once.</summary>
    /// <remarks>The system runs no file that somebody has open for writing (ETXTBSY). Had this process it open, then every process that another test
    /// starts at that moment would have it too, until it has become its program: one script in a hundred could not be run. So another process writes it.</remarks>
    internal static void Write(string path, string text)
    {
        if (OperatingSystem.IsWindows())
        {
            File.WriteAllText(path, text);
            return;
        }
        using var writer = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "cat > \"$1\" && chmod 700 \"$1\"", "sh", path]) { RedirectStandardInput = true })!;
        using (var input = writer.StandardInput)
            input.Write(text.ReplaceLineEndings("\n"));
        writer.WaitForExit();
        Assert.Equal(0, writer.ExitCode);
    }
}
