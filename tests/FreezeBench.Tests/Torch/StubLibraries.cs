using System.Diagnostics;
using Xunit;

namespace FreezeBench.Tests.Torch;

/// <summary>Shared libraries of a few lines of C in a temporary folder; a test that needs them is skipped where no C compiler is.</summary>
internal sealed class StubLibraries : IDisposable
{
    private static readonly Dictionary<string, byte[]> made = [];

    // Paths of what was compiled, by the code.
    private readonly Dictionary<string, string> objects = [];

    private readonly string root = Directory.CreateTempSubdirectory("freezebench-stub-").FullName;

    /// <summary>The folder of a name.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(root, name)).FullName;

    /// <summary>Compiles one.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="code">In C; the same code is compiled once.</param>
    /// <param name="soname">Under what name others ask for it.</param>
    /// <param name="options">Of the linker. The C library is linked where they name it.</param>
    public string Compile(string path, string code, string soname, params string[] options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere libraries find each other by other rules.");
        if (!objects.TryGetValue(code, out var compiled))
        {
            var source = Path.Combine(root, $"{objects.Count}.c");
            File.WriteAllText(source, code);
            objects.Add(code, compiled = Path.ChangeExtension(source, ".o"));
            Run("-c", "-fPIC", "-Wall", "-Werror", "-o", compiled, source);
        }
        Run(["-shared", "-nostdlib", $"-Wl,-soname,{soname}", "-o", path, compiled, .. options]);
        return path;
    }

    /// <summary>Puts a library there that has no code. It is linked once in this process: of others it holds their names, and nothing of where they lay.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="soname">Under what name others ask for it.</param>
    /// <param name="search">What its search path is.</param>
    /// <param name="needs">Paths of the libraries that it needs, whose own names are those of their files.</param>
    /// <param name="options">Of the linker.</param>
    public string Put(string path, string soname, string search, IEnumerable<string> needs, params string[] options)
    {
        string[] names = [.. needs];
        var key = string.Join('\n', [soname, search, .. options, .. names.Select(Path.GetFileName)]);
        if (made.TryGetValue(key, out var image))
            File.WriteAllBytes(path, image);
        else
        {
            Compile(path, "", soname, [.. options, $"-Wl,-rpath,{search}", .. Needing(names)]);
            made.Add(key, File.ReadAllBytes(path));
        }
        return path;
    }

    /// <summary>Options of the linker: the libraries are needed, whether anything of them is used or not.</summary>
    public static IEnumerable<string> Needing(IEnumerable<string> libraries) =>
        ["-Wl,--no-as-needed", .. libraries.SelectMany(library => new[] { $"-L{Path.GetDirectoryName(library)}", $"-l:{Path.GetFileName(library)}" }), "-Wl,--allow-shlib-undefined"];

    private static void Run(params string[] arguments)
    {
        try
        {
            using var cc = Process.Start(new ProcessStartInfo("cc", arguments) { RedirectStandardError = true })!;
            var errors = cc.StandardError.ReadToEnd();
            cc.WaitForExit();
            Assert.True(cc.ExitCode == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("No C compiler (cc) on the PATH to build the stand-ins.");
        }
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
