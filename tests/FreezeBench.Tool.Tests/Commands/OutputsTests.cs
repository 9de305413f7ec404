using System.Diagnostics;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>The tool as a process, with streams and limits as shells give them.</summary>
public sealed class OutputsTests : IDisposable
{
    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public static bool HasShell => File.Exists("/bin/bash") && File.Exists("/dev/full");

    public void Dispose() => results.Dispose();

    [Theory(Skip = "It needs bash and /dev/full.", SkipUnless = nameof(HasShell))]
    [InlineData("> /dev/full", 1)]
    [InlineData(">&-", 1)]
    [InlineData(">&- 2>&-", 1)]
    [InlineData("> /dev/full 2> /dev/full", 1)]
    // Nothing was to be written there.
    [InlineData("2> /dev/full", 0)]
    [InlineData("2>&-", 0)]
    public void StreamThatTakesNothing_IsToldByTheExitCode_NotByACrash(string redirection, int exitCode)
    {
        var (code, errors) = Run($"exec dotnet \"$0\" list \"$1\" {redirection}");
        Assert.Equal(exitCode, code);
        Assert.DoesNotContain("Unhandled", errors, StringComparison.Ordinal);
    }

    [Fact(Skip = "It needs bash and /dev/full.", SkipUnless = nameof(HasShell))]
    public void ReaderThatHasGone_IsNoCrash()
    {
        var (_, errors) = Run("(dotnet \"$0\" check \"$1\" --format json; echo \"code $?\" >&2) | true");
        Assert.Matches("^(Standard output could not be written to .*\n)?code [01]\n$", errors);
    }

    [Theory(Skip = "It needs bash and /dev/full.", SkipUnless = nameof(HasShell))]
    [InlineData("ulimit -n 64")]
    [InlineData("ulimit -n 100")]
    [InlineData("ulimit -v 3000000")]
    public void LimitsOfTheProcess_AreDoneWith_OrToldInALine(string limit)
    {
        var (code, errors) = Run($"{limit}; exec dotnet \"$0\" check \"$1\" > /dev/null");
        Assert.True(code is 0 or 2, $"{code}: {errors}");
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.True(code == 0 || errors.StartsWith("Error: ", StringComparison.Ordinal), errors);
    }

    private (int ExitCode, string Errors) Run(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", command, Path.Combine(AppContext.BaseDirectory, "FreezeBench.Tool.dll"), results.Root])
        {
            RedirectStandardError = true,
            Environment = { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
        })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
