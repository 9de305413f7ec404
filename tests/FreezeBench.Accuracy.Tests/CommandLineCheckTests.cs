using FreezeBench.Programs;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Accuracy.Tests;

public sealed class CommandLineCheckTests
{
    private static string[] Answers(params string[] lines)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(0, CommandLineCheck.Run(AccuracyProgram.Check, new StringReader(string.Join('\n', lines)), output));
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Theory]
    [InlineData("""["--dataset","cifarr10"]""", "Unknown data set")]
    [InlineData("""["--device","tpu"]""", "tpu")]
    [InlineData("""["--resolution","1.5"]""", "whole number from 16 to 1024")]
    [InlineData("""["--resolution","x"]""", "whole number from 16 to 1024")]
    [InlineData("""["--batch-size","0"]""", "whole number from 1 to 65536")]
    [InlineData("""["--epochz","3"]""", "--epochz")]
    [InlineData("""["--policies","frosen"]""", "frosen")]
    [InlineData("""["--backbone","resnet19"]""", "resnet19")]
    public void WhatTheProgramWouldRefuse_IsAnsweredWithItsWords(string line, string words)
    {
        var answers = Answers("""["--policies","frozen"]""", line, """["--device","cuda"]""");
        Assert.Equal(3, answers.Length);
        // A GPU that this machine has not may be there where the command line is meant for.
        Assert.Equal(("null", "null"), (answers[0], answers[2]));
        Assert.Contains(words, answers[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("{}")]
    public void LineThatIsNoListOfWords_IsRefused(string line) => Assert.Contains("is no JSON list of words", Assert.Throws<UserErrorException>(() => Answers(line)).Message, StringComparison.Ordinal);
}
