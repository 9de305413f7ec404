using FreezeBench.Programs;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Accuracy.Tests;

public sealed class CommandLineCheckTests
{
    private static string[] Answers(params string[] lines)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(0, CommandLineCheck.Run((words, capability) => AccuracyProgram.Check(words, capability), new StringReader(string.Join('\n', lines)), output));
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
    [InlineData("tf32", "cuda", "7.0", "--precision tf32 was asked for on cuda:0, and TF32 needs a GPU of compute capability 8.0 (Ampere) or newer; this GPU has 7.0. ")]
    [InlineData("bf16", "cuda:3", "7.5", "--precision bf16 was asked for on cuda:3, and bfloat16 needs a GPU of compute capability 8.0 (Ampere) or newer; this GPU has 7.5. ")]
    [InlineData("fp16", "cuda", "7.0", null)]
    [InlineData("tf32", "cuda", "9.0", null)]
    [InlineData("fp32", "cuda", "6.1", "cuda:0 has compute capability 6.1 and libtorch needs 7.0 or newer")]
    [InlineData("tf32", "cuda", null, null)]
    [InlineData("tf32", "auto", "7.0", null)]
    // No GPU need be asked about it.
    [InlineData("tf32", "cpu", null, "--precision tf32 was asked for on cpu, and TF32 is arithmetic of NVIDIA GPUs. ")]
    [InlineData("bf16", "cpu", null, null)]
    public void WhatADeviceElsewhereHasNot_IsRefused_WhereItIsKnown(string precision, string device, string? capability, string? words)
    {
        var answer = Assert.Single(Answers(new CommandQuestion(["--precision", precision, "--device", device], CommandQuestion.Capability(capability)).ToLine()));
        if (words is null)
            Assert.Equal("null", answer);
        else
            Assert.Contains(words, System.Text.Json.JsonSerializer.Deserialize<string>(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("""{"command":["--policies","frozen"]}""")]
    [InlineData("""{"command":["--policies","frozen"],"compute_capability":9}""")]
    [InlineData("""{"command":["--policies","frozen"],"compute_capability":"nine"}""")]
    [InlineData("""{"command":"x","compute_capability":"9.0"}""")]
    [InlineData("{}")]
    public void LineThatIsNoListOfWords_IsRefused(string line) => Assert.Contains("is no JSON list of words", Assert.Throws<UserErrorException>(() => Answers(line)).Message, StringComparison.Ordinal);
}
