using System.Diagnostics;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Runs;

/// <summary>Output that cannot be written ends no run.</summary>
public class OutputsTests
{
    public static bool HasShell => File.Exists("/bin/bash") && File.Exists("/dev/full");

    [Theory(Skip = "It needs bash and /dev/full.", SkipUnless = nameof(HasShell))]
    [InlineData("> /dev/full 2> /dev/full")]
    [InlineData(">&- 2>&-")]
    public void Rows_GoOnBeingWritten_AndTheExitCodeSaysThatOutputIsLost(string redirection)
    {
        using var folder = new TemporaryFolder();
        using var process = Process.Start("/bin/bash",
        [
            "-c", $"exec dotnet \"$@\" {redirection}", "bash", Path.Combine(AppContext.BaseDirectory, "FreezeBench.Accuracy.dll"), .. Runner.Synthetic,
            "--policies", "frozen", "--epochs", "2", .. Runner.Folders(folder),
        ]);
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Equal(2, Runner.Rows<AccuracyRow>(folder).Count);
        Assert.Equal("finished", Assert.Single(Runner.Rows<RunRow>(folder)).Status);
    }
}
