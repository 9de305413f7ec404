using System.Text.RegularExpressions;
using FreezeBench.Optimizing;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Torch;
using Xunit;

namespace FreezeBench.Tests.Programs;

public partial class OptionNamesTests
{
    private static readonly string[] libraries = ["FreezeBench", "FreezeBench.Kernels", "FreezeBench.Torch"];

    [Fact]
    public void LibraryUser_ReadsWords_AndProgramUser_ReadsOptions()
    {
        var error = Assert.Throws<UserErrorException>(() => new TrainingOptions { BatchSize = 0, LearningRateBackbone = 11 }.Validated());
        Assert.Equal("The batch size is 0; valid: 1 to 65536.\nThe backbone's learning rate is 11; valid: above 0, at most 10.", error.Message);
        Assert.Equal("--batch-size is 0; valid: 1 to 65536.\n--learning-rate-backbone is 11; valid: above 0, at most 10.", OptionNames.Fill(error));
    }

    [Theory]
    [InlineData("Pass ‹the device› cpu.", "Pass the device cpu.", "Pass --device cpu.")]
    [InlineData("‹Determinism› is off: run with ‹no cuDNN autotuning›.", "Determinism is off: run with no cuDNN autotuning.", "--deterministic is off: run with --no-cudnn-autotune.")]
    [InlineData("No ‹file› here.", "No file here.", "No file here.")]
    [InlineData("Nothing to set.", "Nothing to set.", "Nothing to set.")]
    public void BothKindsOfErrors_AreFilled(string marked, string words, string filled)
    {
        Exception[] errors = [new UserErrorException(marked), new RefusedException(marked)];
        Assert.All(errors, error => Assert.Equal((words, filled), (error.Message, OptionNames.Fill(error))));
        // Of another kind nobody knows what its marks mean.
        Assert.Equal(marked, OptionNames.Fill(new InvalidOperationException(marked)));
    }

    [Fact]
    public void WhatLibrariesSpeakOf_IsInTheTable_AndNothingElseIs()
    {
        var spoken = libraries.SelectMany(library => Directory.EnumerateFiles(Path.Combine(WorkFolder.Find(), "src", library), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .SelectMany(file => File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)).SelectMany(line => Mark().Matches(line)))
            .Select(match => match.Groups[1].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // TrainingOptions puts these into one sentence.
        spoken.Remove("{setting}");
        spoken.UnionWith(["batch size", "learning rate", "backbone's learning rate", "learning rate's decay", "momentum", "weight decay", "label smoothing", "number of epochs", "seed"]);
        Assert.Equal(spoken.Order(StringComparer.OrdinalIgnoreCase), OptionNames.Table.Keys.Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
    }

    [GeneratedRegex("‹(?:[Tt]he )?([^‹›\"]+)›")]
    private static partial Regex Mark();
}
