using System.Reflection;
using Xunit;

namespace FreezeBench.Tool.Tests.Packing;

/// <summary>A report needs no libtorch: the tool runs where TorchSharp has no packages, and is a download of megabytes.</summary>
public class TorchFreeTests
{
    private static readonly string output = Path.Combine(
        Repository.Root, "src/FreezeBench.Tool/bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0");

    [Fact]
    public void OutputFolder_HasNoTorch()
    {
        var names = Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)).ToList();

        Assert.Contains("FreezeBench.Tool.dll", names);
        Assert.DoesNotContain(names, name => name.Contains("torch", StringComparison.OrdinalIgnoreCase) || name == "FreezeBench.dll");
    }

    [Fact]
    public void NoAssemblyOfTheTool_RefersToTorch()
    {
        HashSet<string> seen = [];
        Queue<Assembly> left = new([typeof(ToolProgram).Assembly]);
        while (left.TryDequeue(out var assembly))
            foreach (var reference in assembly.GetReferencedAssemblies().Where(reference => seen.Add(reference.Name!)))
                // Assemblies of .NET itself lie elsewhere and refer to nobody else's.
                if (File.Exists(Path.Combine(AppContext.BaseDirectory, $"{reference.Name}.dll")))
                    left.Enqueue(Assembly.Load(reference));

        Assert.Contains("FreezeBench.Results", seen);
        Assert.DoesNotContain(seen, name => name.Contains("Torch", StringComparison.OrdinalIgnoreCase) || name == "FreezeBench");
    }
}
