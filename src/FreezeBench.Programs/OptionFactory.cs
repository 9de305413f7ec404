using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Torch;

namespace FreezeBench.Programs;

/// <summary>Makes options that check their value while parsing, so that all errors of a command line come at once.</summary>
public static class OptionFactory
{
    /// <summary>An option whose text is turned into a value by a method that throws <see cref="UserErrorException"/>.</summary>
    /// <param name="name">Such as <c>--device</c>.</param>
    /// <param name="description">For <c>--help</c>; it names valid values and the default.</param>
    /// <param name="parse">Turns the text into a value, or says what is wrong with it.</param>
    public static Option<T?> Parsed<T>(string name, string description, Func<string, T> parse)
        where T : class => new(name)
        {
            Description = description,
            HelpName = "value",
            // Of a list the parser would take several, and the second would be dropped without a word.
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Parse(result, parse),
        };

    /// <summary>A whole number in a range.</summary>
    /// <inheritdoc cref="Parsed"/>
    public static Option<long?> Whole(string name, string description, long least, long most) => new(name)
    {
        Description = description,
        HelpName = "n",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'; it must be a whole number from {least} to {most}."));
            return null;
        },
    };

    /// <summary>A number in a range, written with a point.</summary>
    /// <inheritdoc cref="Parsed"/>
    public static Option<double?> Number(string name, string description, double least, double most, bool leastIncluded = true) => new(name)
    {
        Description = description,
        HelpName = "x",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && value <= most && (leastIncluded ? value >= least : value > least))
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'; it must be a number {(leastIncluded ? "from" : "above")} {least} to {most}."));
            return null;
        },
    };

    /// <summary>A path; empty, as an unset variable of a shell gives it, it is refused.</summary>
    /// <inheritdoc cref="Parsed"/>
    /// <param name="helpName">What it names, in <c>--help</c>.</param>
    public static Option<string?> OfPath(string name, string description, string helpName) => OfPath(name, description, helpName, PathText.FaultOf);

    /// <summary>The path of a folder that there is, or that can be made.</summary>
    /// <inheritdoc cref="OfPath(string, string, string)"/>
    public static Option<string?> OfFolder(string name, string description) => OfPath(name, description, "folder", PathText.FolderFaultOf);

    private static Option<string?> OfPath(string name, string description, string helpName, Func<string, string?> faultOf) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (faultOf(text) is not { } fault)
                return text;
            result.AddError($"{name} {fault}");
            return null;
        },
    };

    /// <summary>Whether an option was given a value that the parser refuses: it clashes with nothing then, since what it was meant to be is not known.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">One of its options.</param>
    public static bool IsWrong(ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { } result && result.Errors.Any();

    private static T? Parse<T>(ArgumentResult result, Func<string, T> parse)
        where T : class
    {
        try
        {
            return parse(result.Tokens[0].Value);
        }
        catch (Exception e) when (e is UserErrorException or RefusedException)
        {
            result.AddError(OptionNames.Fill(e));
            return null;
        }
    }
}
