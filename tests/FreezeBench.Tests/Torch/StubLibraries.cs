using System.Diagnostics;
using Xunit;

namespace FreezeBench.Tests.Torch;

/// <summary>Shared libraries of a few lines of C in a temporary folder; a test that needs them is skipped where no C compiler is.</summary>
internal sealed class StubLibraries : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("freezebench-stub-").FullName;

    /// <summary>The folder of a name.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(root, name)).FullName;

    /// <summary>Compiles one.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="code">In C.</param>
    /// <param name="soname">Under what name others ask for it.</param>
    /// <param name="options">Of the linker.</param>
    public string Compile(string path, string code, string soname, params string[] options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere libraries find each other by other rules.");
        var source = Path.Combine(root, Path.GetFileName(path) + ".c");
        File.WriteAllText(source, code);
        try
        {
            using var cc = Process.Start(new ProcessStartInfo("cc", ["-shared", "-fPIC", "-Wall", "-Werror", $"-Wl,-soname,{soname}", "-o", path, source, .. options]) { RedirectStandardError = true })!;
            var errors = cc.StandardError.ReadToEnd();
            cc.WaitForExit();
            Assert.True(cc.ExitCode == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("No C compiler (cc) on the PATH to build the stand-ins.");
        }
        return path;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
