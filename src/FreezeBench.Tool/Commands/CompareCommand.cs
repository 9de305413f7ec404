using System.CommandLine;
using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Results.Comparison;
using FreezeBench.Results.Ranking;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command compare: of commits exit code 0 without a regression, 1 with one; of set-ups, machines and frameworks 0; 2 where nothing can be compared.</summary>
internal static class CompareCommand
{
    /// <summary>Where GitHub Actions wants the summary of a step: a file that is appended to.</summary>
    private const string StepSummary = "GITHUB_STEP_SUMMARY";

    internal static Command Create(IAnsiConsole console, TextWriter standardError)
    {
        var defaults = new ComparisonOptions();
        var first = new Argument<string>("BASE") { Description = $"What to compare with: {SelectionFinder.ValidWords}." };
        var second = new Argument<string>("DIFF") { Description = "What to judge; as BASE." };
        var more = new Argument<string[]>("MORE") { Description = "More sides, as BASE: then all are ranked, the fastest first.", Arity = ArgumentArity.ZeroOrMore };
        var results = new Option<string?>("--results") { Description = "Where environment ids and commits are looked up. Default: results.", HelpName = "folder" };
        var threshold = CommandParts.Number("--threshold", "Relative change that matters.", defaults.Threshold);
        var launch = CommandParts.LaunchNoise(defaults.LaunchNoise);
        var floor = CommandParts.Number("--noise-floor", "Smallest difference in ms that counts.", defaults.NoiseFloorMs);
        var confidence = CommandParts.Confidence(defaults.Confidence);
        var format = CommandParts.TableFormat();
        var output = CommandParts.Out();
        var gate = new Option<bool>("--gate")
        {
            Description = $"For CI: print the Markdown summary, append it to the file that {StepSummary} names, and fail (1) also where a case of BASE is missing in DIFF.",
        };
        var missing = new Option<bool>("--allow-missing") { Description = "With --gate: a case of BASE may be missing in DIFF." };
        var command = new Command("compare", "Compares benchmark results case by case, with a ratio, bounds and a verdict for each, and a geometric mean. Two sides of one machine: two commits (exit code 0: nothing is worse, "
            + "1: something is). Two machines, or two set-ups or frameworks of one: the workload is what cases share, and what else differs is told (exit code 0). Three sides or more: a ranking. Exit code 2: bad input, or nothing can be compared. " + ComparisonText.HowToRead)
        {
            first, second, more, results, threshold, launch, floor, confidence, format, output, gate, missing,
        };
        command.SetAction(parsed =>
        {
            var isGate = parsed.GetValue(gate);
            if (parsed.GetValue(missing) && !isGate)
                throw new UserErrorException("--allow-missing belongs to --gate: without it a missing case is listed and changes nothing.");
            if (isGate && parsed.GetResult(format) is { Implicit: false })
                throw new UserErrorException("--gate prints Markdown; leave out --format.");
            // The options before the files: a typing error is told at once.
            var options = new ComparisonOptions
            {
                Threshold = parsed.GetValue(threshold) ?? defaults.Threshold,
                LaunchNoise = parsed.GetValue(launch) ?? defaults.LaunchNoise,
                NoiseFloorMs = parsed.GetValue(floor) ?? defaults.NoiseFloorMs,
                Confidence = parsed.GetValue(confidence) ?? defaults.Confidence,
            }.Validated();
            var finder = new SelectionFinder(parsed.GetValue(results) ?? "results");
            Selection[] sides = [.. parsed.GetValue(more)!.Prepend(parsed.GetValue(second)!).Prepend(parsed.GetValue(first)!).Select(finder.Find)];
            if (sides.Length > 2 || !ComparedSides.Of(sides[0], sides[1]).IsPair)
                return Rank(sides, options, isGate, parsed.GetRequiredValue(format), parsed.GetValue(output), console);
            var comparison = ResultComparison.Of(sides[0], sides[1], options);
            if (isGate && comparison.Kind != ComparisonKind.Commits)
                throw new UserErrorException($"--gate judges two commits on one machine; {ComparisonHeadline.Of(comparison)[..1].ToLowerInvariant()}{ComparisonHeadline.Of(comparison)[1..]} Measure both commits on one, or leave --gate out.");
            var (name, file) = (isGate ? CommandParts.Markdown : parsed.GetRequiredValue(format), parsed.GetValue(output));
            var text = name switch
            {
                CommandParts.Markdown => ComparisonMarkdown.Write(comparison),
                CommandParts.Json => ComparisonJson.Write(comparison),
                CommandParts.Csv => ComparisonCsv.Write(comparison),
                _ => CompareTable.Text(comparison),
            };
            // On the console the table has colours.
            if (file is null && name == CommandParts.Text && comparison.Kind == ComparisonKind.Commits)
                CompareTable.Print(comparison, console);
            else
                CommandParts.Emit(text, file, console);
            if (isGate)
                AppendStepSummary(text);
            return ExitCodeOf(comparison, isGate && !parsed.GetValue(missing), standardError);
        });
        return command;
    }

    /// <summary>Sides that are not a pair: several machines, or several frameworks on one.</summary>
    private static int Rank(IReadOnlyList<Selection> sides, ComparisonOptions options, bool isGate, string format, string? file, IAnsiConsole console)
    {
        var (contenders, kind) = Contenders.Of(sides);
        if (isGate)
            throw new UserErrorException($"--gate judges two commits on one machine; these are {contenders.Count.ToString(CultureInfo.InvariantCulture)}: {string.Join("; ", contenders.Select(contender => contender.Name))}. Leave --gate out, or name two commits.");
        CommandParts.Emit(RankCommand.Written(MachineRanking.Of(contenders, kind, new RankingOptions { Comparison = options, Framework = null, Parts = true }), format), file, console);
        return 0;
    }

    private static int ExitCodeOf(ResultComparison comparison, bool missingFails, TextWriter standardError)
    {
        if (comparison.Cases.Count == 0)
        {
            standardError.WriteLine($"Error: {comparison.Base} and {comparison.Diff} have no case in common: {Reasons(comparison)}. {(comparison.Kind == ComparisonKind.Commits ? "Measure both with the same settings." : "Measure the standard workloads on both.")}");
            return ExitCode.BadInput;
        }
        if (comparison.Kind != ComparisonKind.Commits)
            return 0;
        if (comparison.Count(Verdict.Worse) > 0)
            return ExitCode.Found;
        if (!missingFails || comparison.MissingCount == 0)
            return 0;
        standardError.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{comparison.MissingCount} cases of {comparison.Base} have no counterpart in {comparison.Diff}: a benchmark that vanished hides its regression. --allow-missing lets them go."));
        return ExitCode.Found;
    }

    /// <summary>Why nothing is comparable, in one line.</summary>
    private static string Reasons(ResultComparison comparison)
    {
        IEnumerable<string> differences = comparison.Unlike.SelectMany(group => group.Differences).Concat(comparison.Environments.SelectMany(pair => pair.Facts))
            .Distinct().Select(difference => $"{difference.Name} is {difference.Base} and {difference.Diff}");
        return string.Join("; ", differences.DefaultIfEmpty("no suite, policy and phase is on both sides"));
    }

    private static void AppendStepSummary(string text)
    {
        if (Environment.GetEnvironmentVariable(StepSummary) is { Length: > 0 } summary)
            CommandParts.Save(() => Append(summary, text), StepSummary, summary);
    }

    private static void Append(string file, string text)
    {
        // The opening of a pipe waits for its reader for ever.
        if (RegularFile.OtherKind(file) is { } other)
            throw new IOException($"it is {other}; only regular files are appended to.");
        File.AppendAllText(file, text);
    }
}
