using System.Text.Json;
using FreezeBench.Results;
using FreezeBench.Torch;

namespace FreezeBench.Programs;

/// <summary>Says of command lines whether the program would refuse them, on a machine that need not be able to run them: no device and no data are touched, and libtorch may be missing.</summary>
/// <remarks>For whoever starts the program later and elsewhere, such as behind a queue.</remarks>
public static class CommandLineCheck
{
    /// <summary>For <c>--help</c>.</summary>
    public const string Description = $"{CommandQuestion.Option} alone reads command lines from standard input, each a JSON list of words in a line, or an object with the list as its command and the GPU's compute_capability (\"9.0\"), and answers each with a line: null, or a JSON text of what is wrong with it, as far as that can be known without device and data.";

    /// <summary>Whether it was asked for.</summary>
    public static bool IsAsked(IReadOnlyList<string> arguments) => arguments is [CommandQuestion.Option];

    /// <summary>Reads command lines, and answers each.</summary>
    /// <param name="check">Throws where the program would refuse a command line, on a GPU of a compute capability, or null: nothing is known of it.</param>
    /// <param name="input">Command lines.</param>
    /// <param name="output">Answers.</param>
    /// <returns>0, whatever the answers are.</returns>
    /// <exception cref="UserErrorException">A line is no JSON list of words.</exception>
    public static int Run(Action<string[], (int Major, int Minor)?> check, TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
            output.WriteLine(JsonSerializer.Serialize(Refusal(check, CommandQuestion.Parse(line) ?? throw new UserErrorException($"{CommandQuestion.Option}: '{ForeignText.Shown(line)}' is no JSON list of words."))));
        return 0;
    }

    private static string? Refusal(Action<string[], (int Major, int Minor)?> check, CommandQuestion question)
    {
        try
        {
            check([.. question.Words], question.ComputeCapability);
            return null;
        }
        catch (Exception error) when (error is UserErrorException or RefusedException)
        {
            return OptionNames.Fill(error);
        }
    }
}
