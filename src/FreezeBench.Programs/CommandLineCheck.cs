using System.Text.Json;
using FreezeBench.Results;
using FreezeBench.Torch;

namespace FreezeBench.Programs;

/// <summary>Says of command lines whether the program would refuse them, on a machine that need not be able to run them: no device and no data are touched, and libtorch may be missing.</summary>
/// <remarks>For whoever starts the program later and elsewhere, such as behind a queue.</remarks>
public static class CommandLineCheck
{
    /// <summary>The only word of the command line then.</summary>
    public const string Word = "--check-commands";

    /// <summary>For <c>--help</c>.</summary>
    public const string Description = $"{Word} alone reads command lines from standard input, each a JSON list of words in a line, and answers each with a line: null, or a JSON text of what is wrong with it, as far as that can be known without device and data.";

    /// <summary>Whether it was asked for.</summary>
    public static bool IsAsked(IReadOnlyList<string> arguments) => arguments is [Word];

    /// <summary>Reads command lines, and answers each.</summary>
    /// <param name="check">Throws where the program would refuse a command line.</param>
    /// <param name="input">Command lines.</param>
    /// <param name="output">Answers.</param>
    /// <returns>0, whatever the answers are.</returns>
    /// <exception cref="UserErrorException">A line is no JSON list of words.</exception>
    public static int Run(Action<string[]> check, TextReader input, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        while (input.ReadLine() is { } line)
            output.WriteLine(JsonSerializer.Serialize(Refusal(check, Words(line))));
        return 0;
    }

    private static string[] Words(string line)
    {
        try
        {
            if (StrictJson.Read<string[]>(line) is { } words && !words.Contains(null))
                return words;
        }
        catch (JsonException)
        {
            // Told below.
        }
        throw new UserErrorException($"{Word}: '{ForeignText.Shown(line)}' is no JSON list of words.");
    }

    private static string? Refusal(Action<string[]> check, string[] arguments)
    {
        try
        {
            check(arguments);
            return null;
        }
        catch (Exception error) when (error is UserErrorException or RefusedException)
        {
            return OptionNames.Fill(error);
        }
    }
}
