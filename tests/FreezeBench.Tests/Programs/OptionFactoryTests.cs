using System.CommandLine;
using FreezeBench.Programs;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Tests.Programs;

public class OptionFactoryTests
{
    private readonly Option<long?> whole = OptionFactory.Whole("--count", "A count.", 1, 100);
    private readonly Option<double?> number = OptionFactory.Number("--rate", "A rate.", 0, 10, leastIncluded: false);
    private readonly Option<double?> fromZero = OptionFactory.Number("--momentum", "Momentum.", 0, 0.999);
    private readonly Option<string?> parsed = OptionFactory.Parsed("--word", "A word.", Word);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("100", 100)]
    [InlineData("+7", 7)]
    public void Whole_TakesWhatIsInRange(string text, long value) => Assert.Equal(value, Parse("--count", text).GetValue(whole));

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("1,000")]
    [InlineData("1e2")]
    [InlineData("0x10")]
    [InlineData("99999999999999999999")]
    public void Whole_RefusesEverythingElse(string text) =>
        Assert.Equal([$"--count is '{text}'; it must be a whole number from 1 to 100."], Errors("--count", text));

    [Theory]
    [InlineData("10", 10)]
    [InlineData("0.01", 0.01)]
    [InlineData("1e-3", 0.001)]
    [InlineData(".5", 0.5)]
    public void Number_TakesWhatIsInRange(string text, double value) => Assert.Equal(value, Parse("--rate", text).GetValue(number));

    [Theory]
    [InlineData("0")]
    [InlineData("10.1")]
    [InlineData("-0.1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("fast")]
    [InlineData("0,01")]
    [InlineData("")]
    public void Number_RefusesEverythingElse(string text) =>
        Assert.Equal([$"--rate is '{text}'; it must be a number above 0 to 10."], Errors("--rate", text));

    [Fact]
    public void Number_MayIncludeItsLowerEnd()
    {
        Assert.Equal(0, Parse("--momentum", "0").GetValue(fromZero));
        Assert.Equal(["--momentum is '1'; it must be a number from 0 to 0.999."], Errors("--momentum", "1"));
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void Numbers_HaveAPoint_InEveryCulture(string culture)
    {
        using var _ = new UnderCulture(culture);
        Assert.Equal(0.01, Parse("--rate", "0.01").GetValue(number));
        Assert.Equal(["--rate is '0,01'; it must be a number above 0 to 10."], Errors("--rate", "0,01"));
        Assert.Equal(["--momentum is '-0.5'; it must be a number from 0 to 0.999."], Errors("--momentum", "-0.5"));
        Assert.Equal(-1, new RootCommand { WithNegative }.Parse(["--offset", "-1"]).GetValue(WithNegative));
    }

    [Fact]
    public void Parsed_TakesTheMessageOfItsMethod()
    {
        Assert.Equal("fine", Parse("--word", "fine").GetValue(parsed));
        Assert.Equal(["Unknown word 'bad'. Valid values: fine."], Errors("--word", "bad"));
    }

    [Theory]
    [InlineData("--count")]
    [InlineData("--rate")]
    [InlineData("--word")]
    public void OptionWithoutAValue_IsAnError_NotADefault(string option)
    {
        var errors = Errors(option);
        Assert.Single(errors);
        Assert.Contains(option, errors[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--count", "1", "2")]
    [InlineData("--rate", "1", "2")]
    [InlineData("--word", "fine", "fine")]
    public void OptionGivenTwice_IsAnError_NotTheFirstOrLast(string option, string first, string second)
    {
        var errors = Errors(option, first, option, second);
        Assert.Single(errors);
        Assert.Contains(option, errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void OptionNotGiven_IsNull()
    {
        var result = Parse();
        Assert.Null(result.GetValue(whole));
        Assert.Null(result.GetValue(number));
        Assert.Null(result.GetValue(parsed));
        Assert.Empty(result.Errors);
    }

    private static Option<long?> WithNegative { get; } = OptionFactory.Whole("--offset", "An offset.", -5, 5);

    private static string Word(string text) => text == "fine" ? text : throw new UserErrorException($"Unknown word '{text}'. Valid values: fine.");

    private ParseResult Parse(params string[] arguments) => new RootCommand { whole, number, fromZero, parsed }.Parse(arguments);

    private string[] Errors(params string[] arguments) => [.. Parse(arguments).Errors.Select(error => error.Message)];
}
