using System.Text.RegularExpressions;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Peers;

/// <summary>The README's ratios to PyTorch are what the command makes of the committed rows.</summary>
public partial class ReadmePeersTests
{
    [Fact]
    public void Ratios_AreMadeOfTheCommittedRows()
    {
        var path = Path.Combine(Repository.Root, "bench", "README.md");
        var readme = File.ReadAllText(path);
        var block = Block().Match(readme);
        Assert.True(block.Success, "The README has no block of ratios to PyTorch.");

        var run = ToolRun.Of("peers", Path.Combine(Repository.Root, "results"), "--since", block.Groups["since"].Value, "--brief", "--format", "markdown");

        Assert.Equal(0, run.ExitCode);
        if (Environment.GetEnvironmentVariable("FREEZEBENCH_UPDATE_GOLDENS") == "1")
            File.WriteAllText(path, readme[..block.Groups["table"].Index] + run.Output.Trim() + readme[(block.Groups["table"].Index + block.Groups["table"].Length)..]);
        else
            Assert.Equal(run.Output.Trim(), block.Groups["table"].Value);
    }

    [GeneratedRegex("<!-- peers:begin (?<since>[0-9TZ]+) [^>]*-->\n(?<table>.*?)\n<!-- peers:end -->", RegexOptions.Singleline)]
    private static partial Regex Block();
}
