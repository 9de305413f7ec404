using System.Text.RegularExpressions;
using Xunit;

namespace FreezeBench.Tool.Tests;

/// <summary>A shell gives an empty variable for one of its own that is not set; as a path or the name of a program an empty word means something else than nothing.</summary>
public sealed partial class EnvironmentVariableTests
{
    private static readonly string[] folders = ["src", "bench"];

    [Fact]
    public void EmptyVariable_CountsAsUnset_InEveryProgram()
    {
        var files = folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Contains("obj")).ToList();
        Assert.Contains(files, file => File.ReadAllText(file).Contains("GetEnvironmentVariable(", StringComparison.Ordinal));
        Assert.Empty(files.SelectMany(file => OnlyNullIsUnset().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetRelativePath(Repository.Root, file)}: {match.Value}; write is {{ Length: > 0 }}.")));
    }

    [Theory]
    [InlineData("GetEnvironmentVariable(\"A\") ?? x", true)]
    [InlineData("GetEnvironmentVariable(Name) is { } x", true)]
    [InlineData("GetEnvironmentVariable(\"A\") is not null", true)]
    [InlineData("GetEnvironmentVariable(\"A\") ?? \"\"", false)]
    [InlineData("GetEnvironmentVariable(\"A\") is { Length: > 0 } x", false)]
    public void Pattern_FindsWhatGuardsAgainstNullAlone(string text, bool found) => Assert.Equal(found, OnlyNullIsUnset().IsMatch(text));

    [GeneratedRegex("""GetEnvironmentVariable\([^()]*\)\s*(\?\?(?!\s*"")|is\s*(\{\s*\}|not null)|[!=]= null)""")]
    private static partial Regex OnlyNullIsUnset();
}
