using System.Text.Json;
using FreezeBench.Results;
using FreezeBench.Results.Machine;

namespace FreezeBench.Tool.Cells;

/// <summary>Has the programs check the command lines of cells before anything runs or waits: behind a queue a word that no program knows would be found out hours later, once per cell.</summary>
/// <remarks>They know what this tool does not: policies, networks, suites, ranges. They need neither the device of the cells nor libtorch for it.</remarks>
internal static class CellCheck
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    /// <param name="cells">Of a matrix.</param>
    /// <param name="file">The matrix, for the message.</param>
    /// <param name="programs">That would run them.</param>
    /// <exception cref="UserErrorException">Command lines that their programs refuse, each with the program's own words; or a program cannot check them.</exception>
    internal static void Refuse(IReadOnlyList<Cell> cells, string file, ProgramFolder programs)
    {
        var refused = cells.GroupBy(cell => cell.Program).SelectMany(group => Refused([.. group], programs.Command(group.Key), capability: null)).ToList();
        if (refused.Count > 0)
            throw new UserErrorException($"{file}: {CellText.Count(refused.Sum(one => one.Cells.Count), "cell")} cannot run, and none was begun.\n"
                + string.Join('\n', refused.Select(one => $"  {one.Cells[0].Id}{(one.Cells.Count > 1 ? $" and {one.Cells.Count - 1} more" : "")}: {one.Cells[0].ProgramWord} says: {one.Why.ReplaceLineEndings(" ")}")));
    }

    /// <summary>What the programs would refuse on a GPU, such as a precision that it has not.</summary>
    /// <param name="cells">For such a GPU.</param>
    /// <param name="programs">That would run them.</param>
    /// <param name="capability">Its compute capability.</param>
    /// <returns>Those cells, each with the program's words in one line.</returns>
    /// <exception cref="UserErrorException">A program cannot check them.</exception>
    internal static IReadOnlyList<(Cell Cell, string Why)> RefusedOn(IReadOnlyList<Cell> cells, ProgramFolder programs, (int Major, int Minor) capability) =>
        [.. cells.GroupBy(cell => cell.Program).SelectMany(group => Refused([.. group], programs.Command(group.Key), capability)).SelectMany(one => one.Cells.Select(cell => (cell, one.Why.ReplaceLineEndings(" "))))];

    private static IEnumerable<(string Why, List<Cell> Cells)> Refused(IReadOnlyList<Cell> cells, IReadOnlyList<string> command, (int Major, int Minor)? capability)
    {
        // Of repeats the command line is one.
        var lines = cells.GroupBy(cell => new CommandQuestion(cell.Arguments, capability).ToLine()).ToList();
        return lines.Zip(Answers(command, [.. lines.Select(line => line.Key)])).Where(pair => pair.Second is not null)
            .GroupBy(pair => pair.Second!, pair => pair.First).Select(group => (group.Key, group.SelectMany(line => line).ToList()));
    }

    private static List<string?> Answers(IReadOnlyList<string> command, IReadOnlyList<string> lines)
    {
        var program = string.Join(' ', command);
        try
        {
            var answer = ChildProcess.Ask(command[0], [.. command.Skip(1), CommandQuestion.Option], patience, input: string.Concat(lines.Select(line => line + "\n")))
                ?? throw new UserErrorException($"{command[0]} cannot be started. Name the folder of a bundle or of a built checkout: --programs DIR.");
            var answers = answer.ExitCode == 0 ? answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(text => JsonSerializer.Deserialize<string?>(text)).ToList() : [];
            return answers.Count == lines.Count ? answers : throw NoAnswer(program, $"exit code {answer.ExitCode}", answer.Errors);
        }
        catch (JsonException error)
        {
            throw NoAnswer(program, "no JSON", error.Message);
        }
        catch (TimeoutException late)
        {
            throw NoAnswer(program, "late", late.Message);
        }
    }

    private static UserErrorException NoAnswer(string program, string how, string said) =>
        new($"{program} {CommandQuestion.Option} did not say whether it takes the cells' command lines ({how}): {said.Trim().Split('\n')[0]} Is it of the same version as this tool?");
}
