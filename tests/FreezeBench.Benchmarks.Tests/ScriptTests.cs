using System.Text.RegularExpressions;
using FreezeBench.Benchmarks.Tests.Build;
using Xunit;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>
/// libtorch's executor of TorchScript fuses operations in a row on a GPU and compiles the kernel by NVRTC, which the packages bring
/// incomplete, and never on the CPU: no test without a GPU would see it.
/// </summary>
public sealed partial class ScriptTests
{
    [Fact]
    public void NoFunctionOfAScript_HasTwoTensorOperations()
    {
        var scripts = Sources().SelectMany(file => Script().Matches(File.ReadAllText(file)).Select(match => (File: file, Text: match.Groups["text"].Value))).ToList();

        Assert.Equal(["CudnnOperators.cs", "GradientScaler.cs", "TensorVersions.cs"], scripts.Select(script => Path.GetFileName(script.File)).Order(StringComparer.Ordinal));
        foreach (var (file, text) in scripts)
            foreach (var function in text.Split("def ").Skip(1))
                Assert.True(Operations(function) <= 1, $"{file}: more than one tensor operation in {function}");
    }

    [Fact]
    public void Operations_AreCounted_AsCallsAndAsOperators()
    {
        Assert.Equal(3, Operations("f(scale: Tensor) -> Tensor:\n    return scale.double().reciprocal().float()"));
        Assert.Equal(2, Operations("f(a: Tensor, b: Tensor) -> Tensor:\n    return torch.relu(a * b)"));
        Assert.Equal(1, Operations("f(tensors: List[Tensor]) -> int:\n    count = 0\n    for tensor in tensors:\n        count += torch._version(tensor)\n    return count"));
    }

    // Of what a function does; += on numbers is a script's own.
    private static int Operations(string function) => Operation().Count(function[(function.IndexOf(":\n", StringComparison.Ordinal) + 1)..]);

    private static readonly string[] folders = ["src", "bench"];

    private static IEnumerable<string> Sources() => folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Shell.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex("jit\\.compile\\(\"\"\"(?<text>.*?)\"\"\"", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex(@"\.\w+\(|(?<=\w|\)) [*/@%-] (?=\w|\()|(?<=\w|\)) \+ (?=\w|\()")]
    private static partial Regex Operation();
}
