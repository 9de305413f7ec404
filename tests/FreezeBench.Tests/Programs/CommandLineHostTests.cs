using System.CommandLine;
using FreezeBench.Programs;
using FreezeBench.Results;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Programs;

public sealed class CommandLineHostTests : IDisposable
{
    private readonly StringWriter standardError = new() { NewLine = "\n" };

    public void Dispose() => standardError.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void BodysExitCode_IsTheProgramsOne(int code)
    {
        Assert.Equal(code, CommandLineHost.Run(() => code, standardError));
        Assert.Empty(standardError.ToString());
    }

    [Fact]
    public void UserError_IsOneMessageWithoutStackTrace_AndExitCode2()
    {
        var code = CommandLineHost.Run(() => throw new UserErrorException("Two lines\nof it.", new IOException("inner words")), standardError);

        Assert.Equal(2, code);
        Assert.Equal("Error: Two lines\nof it.\n", standardError.ToString());
    }

    [Fact]
    public void FullMemory_IsOneMessage_AndExitCode2()
    {
        var code = CommandLineHost.Run(() => (int)torch.zeros(1L << 50).numel(), standardError);

        Assert.Equal(2, code);
        Assert.StartsWith("Error: the device's memory is full, not by a step: lower ", standardError.ToString(), StringComparison.Ordinal);
        Assert.Single(standardError.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void OtherFailureInsideLibtorch_IsOneMessage_AndExitCode1()
    {
        var code = CommandLineHost.Run(() => (int)torch.zeros(2).reshape(3).numel(), standardError);

        Assert.Equal(1, code);
        Assert.StartsWith("Failed: libtorch says: ", standardError.ToString(), StringComparison.Ordinal);
        Assert.Single(standardError.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void OurOwnMistake_IsNotHidden()
    {
        // Its stack trace is what a bug report needs.
        Assert.Throws<InvalidOperationException>(() => CommandLineHost.Run(() => throw new InvalidOperationException("bug"), standardError));
        Assert.Empty(standardError.ToString());
    }

    [Theory]
    [InlineData(true, "--help")]
    [InlineData(true, "-h")]
    [InlineData(true, "--version")]
    [InlineData(true, "--count", "none", "--help")]
    [InlineData(false)]
    [InlineData(false, "--count", "1")]
    public void AsksForHelp_WhereHelpOrVersionIsGiven(bool asks, params string[] arguments)
    {
        var command = new RootCommand { OptionFactory.Whole("--count", "A count.", 1, 2) };
        Assert.Equal(asks, CommandLineHost.AsksForHelp(command.Parse(arguments)));
    }

    [Fact]
    public void ThrowIfWrong_IsSilentWhereNothingIs() => CommandLineHost.ThrowIfWrong(new RootCommand().Parse([]), []);
}
