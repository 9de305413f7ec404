using System.CommandLine;
using FreezeBench.Accuracy.Options;
using FreezeBench.Optimizing;
using FreezeBench.Programs;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Options;

public class AccuracyOptionsTests
{
    // A preset is asked for or not; a data set's folder has a default of its own for each set.
    private static readonly string[] withoutDefault = ["--preset", "--data-dir"];

    [Fact]
    public void EveryOption_SaysWhatItIs_AndItsDefault() => Assert.All(
        new AccuracyOptions().Command.Options.Where(option => option is not (System.CommandLine.Help.HelpOption or VersionOption)), option =>
        {
            Assert.EndsWith(".", option.Description, StringComparison.Ordinal);
            Assert.True(option is Option<bool> || withoutDefault.Contains(option.Name) || option.Description!.Contains("Default: ", StringComparison.Ordinal), $"{option.Name}: {option.Description}");
        });

    [Fact]
    public void EveryOption_IsGivenOnce() => Assert.All(new AccuracyOptions().Command.Options.Where(option => option is not (System.CommandLine.Help.HelpOption or VersionOption or Option<bool>)), option =>
        Assert.Contains(new AccuracyOptions().Command.Parse([option.Name, "1", option.Name, "2"]).Errors, error => error.Message == $"Option '{option.Name}' expects a single argument but 2 were provided."));

    [Fact]
    public void Help_ShowsEveryOption_AndEveryPolicysRecipe_In80Columns()
    {
        using var output = new StringWriter();
        var command = new AccuracyOptions().Command;
        Assert.Equal(0, command.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = output }));
        var lines = output.ToString().Split('\n');

        Assert.All(command.Options, option => Assert.Contains(option.Name, output.ToString(), StringComparison.Ordinal));
        Assert.All(Recipe.HelpLines, recipe =>
        {
            Assert.True(recipe.Length <= 80, recipe);
            Assert.Contains(lines, line => line.Contains(recipe, StringComparison.Ordinal) && line.TrimEnd().Length <= 80);
        });
    }

    [Fact]
    public void OptionsThatMessagesName_Exist() =>
        Assert.Empty(OptionNames.Table.Values.Except(new AccuracyOptions().Command.Options.SelectMany(option => option.Aliases.Append(option.Name))));

    [Fact]
    public void NumbersOutOfRange_AreRefusedWithTheirRange()
    {
        var errors = new AccuracyOptions().Command.Parse(["--target", "0", "--label-smoothing", "1", "--learning-rate", "0", "--train-limit", "0", "--probe-epochs", "0"]).Errors.Select(error => error.Message);

        Assert.Equal(
            [
                "--label-smoothing is '1'; it must be a number from 0 to 0.999.", "--learning-rate is '0'; it must be a number above 0 to 10.", "--probe-epochs is '0'; it must be a whole number from 1 to 9999.",
                "--target is '0'; it must be a number above 0 to 1.", "--train-limit is '0'; it must be a whole number from 1 to 10000000.",
            ],
            errors.Order(StringComparer.Ordinal));
    }
}
