using FreezeBench.Kernels.Convolutions;
using FreezeBench.Tests.Kernels.Convolutions;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels;

/// <summary>The lines that the README of FreezeBench.Kernels shows to a TorchSharp user.</summary>
public class ReadmeExampleTests
{
    [Fact]
    public void Readme_PrintsTheLinesThatAreCompiledAndRunHere()
    {
        var source = Text("ReadmeExample.cs").Split('\n');
        var usings = source.Where(line => line.StartsWith("using FreezeBench.", StringComparison.Ordinal));
        var (begin, end) = (Array.FindIndex(source, line => line.Trim() == "// README:begin"), Array.FindIndex(source, line => line.Trim() == "// README:end"));
        var indent = source[begin].Length - source[begin].TrimStart().Length;
        var lines = source[(begin + 1)..end].Select(line => line[Math.Min(indent, line.Length)..]);

        Assert.Equal(string.Join('\n', usings.Append("").Concat(lines)), Block(Text("Kernels.README.md")));
    }

    [Fact]
    public void ModelThatIsNotOurs_LearnsWhatPlainTorchSharpTeachesIt()
    {
        using var scope = NewDisposeScope();
        var (own, plain) = (TorchVisionResNet.Create(), TorchVisionResNet.Create());
        var (losses, expected) = (PlainLoop.Losses(own), PlainLoop.Losses(plain));
        ReadmeExample.Train(own, PlainLoop.Batches());
        PlainLoop.Train(plain, PlainLoop.Batches());

        Assert.Contains(own.modules(), module => module is TrainedConvolution);
        PlainLoop.AssertSame(expected, losses);
    }

    private static string Block(string readme)
    {
        const string Fence = "```";
        var start = readme.IndexOf(Fence + "csharp\n", StringComparison.Ordinal) + Fence.Length + "csharp\n".Length;
        return readme[start..readme.IndexOf("\n" + Fence, start, StringComparison.Ordinal)];
    }

    private static string Text(string name)
    {
        using var reader = new StreamReader(typeof(ReadmeExampleTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
