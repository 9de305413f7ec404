using System.CommandLine;
using System.Globalization;
using System.Text;
using FreezeBench.Results;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>Arguments and options that commands share, and how they give their answer.</summary>
internal static class CommandParts
{
    internal const string Text = "text", Markdown = "markdown", Json = "json", Csv = "csv";

    internal static Argument<string> Folder() => new("FOLDER") { Description = "A results folder, or an environment's folder in it.", DefaultValueFactory = _ => "results" };

    internal static Option<string?> Out() => new("--out") { Description = "Write there instead of to standard output.", HelpName = "file" };

    /// <summary>The format of the answer; the first name is the default.</summary>
    internal static Option<string> Format(string description, params string[] names) => new("--format")
    {
        Description = description,
        HelpName = "name",
        DefaultValueFactory = _ => names[0],
        CustomParser = result =>
        {
            var name = result.Tokens[0].Value;
            if (!names.Contains(name))
                result.AddError($"--format is '{name}'. Valid values: {string.Join(", ", names)}.");
            return name;
        },
    };

    internal static Option<string> TableFormat() => Format($"One of {Text}, {Markdown}, {Json}, {Csv}.", Text, Markdown, Json, Csv);

    internal static Option<double?> Number(string name, string description, double value) => new(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{description} Default: {value}."),
        HelpName = "x",
        CustomParser = result =>
        {
            // With a point whatever the machine's language.
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                return number;
            result.AddError($"{name} is '{result.Tokens[0].Value}'; it must be a number such as 0.05.");
            return null;
        },
    };

    internal static Option<double?> LaunchNoise(double value) => Number("--launch-noise", "Spread from process to process that is assumed where the runs do not tell it; 0 assumes none.", value);

    internal static Option<double?> Confidence(double value) => Number("--confidence", "Level of the bounds.", value);

    /// <summary>Writes a text to the file, or to standard output as it is: the console would wrap it and take brackets for colours.</summary>
    internal static void Emit(string text, string? file, IAnsiConsole console)
    {
        if (file is null)
            console.Profile.Out.Writer.Write(text);
        else
            Save(() => AtomicFile.Write(file, new UTF8Encoding(false).GetBytes(text)), "--out", file);
    }

    internal static void Save(Action write, string option, string file)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"{option} is '{file}', which cannot be written: {error.Message}", error);
        }
    }
}
