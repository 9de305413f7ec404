using System.Diagnostics;
using System.Runtime.InteropServices;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch;

/// <summary>A Python's site-packages in a temporary place: with links to the packages' own libtorch, or with libraries made for a test.</summary>
internal sealed class ForeignLibtorch : IDisposable
{
    public static readonly NativePlatform Linux = NativePlatform.For("linux", Architecture.X64);

    private static readonly string own = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    private readonly Temporary temporary = new();

    public ForeignLibtorch()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(own, "libtorch_cpu.so")), "The libtorch of the packages for Linux is not in this output folder.");
        Directory.CreateDirectory(Folder);
    }

    public string Folder => temporary.PathOf("torch/lib");

    public ChosenLibtorch Chosen => new(Folder);

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Libraries that are the packages' own.</summary>
    public ForeignLibtorch WithReal(params string[] names)
    {
        foreach (var name in names)
            File.CreateSymbolicLink(PathOf(name), Path.Combine(own, name));
        return this;
    }

    /// <summary>A library that a C compiler makes.</summary>
    /// <param name="name">Its file.</param>
    /// <param name="calledItself">Its name for others.</param>
    /// <param name="functions">Names of its functions.</param>
    public ForeignLibtorch WithMade(string name, string calledItself, params string[] functions)
    {
        var source = temporary.PathOf($"{name}.c");
        File.WriteAllText(source, string.Concat(functions.Select(function => $"void {function}(void) {{}}\n")));
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-nostdlib", $"-Wl,-soname,{calledItself}", "-o", PathOf(name), source]);
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("No C compiler here to make a library.");
        }
        return this;
    }

    /// <summary>A file around the libraries.</summary>
    public ForeignLibtorch With(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(temporary.PathOf(path))!);
        File.WriteAllText(temporary.PathOf(path), text);
        return this;
    }

    public void Dispose() => temporary.Dispose();
}
