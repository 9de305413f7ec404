using System.Text.RegularExpressions;
using FreezeBench.Accuracy.Options;
using FreezeBench.Benchmarks.Options;
using FreezeBench.Benchmarks.Tests.Build;
using FreezeBench.Benchmarks.Tests.Processes;
using FreezeBench.Freezing;
using FreezeBench.MlNet;
using FreezeBench.Networks.Catalog;
using FreezeBench.Results.Sets;
using Xunit;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>What the README says is what the programs do and what the committed rows hold.</summary>
public partial class ReadmeTests
{
    private static readonly string path = Path.Combine(Shell.Root, "README.md");
    private static readonly string readme = File.ReadAllText(path);

    // The documents that people read, each beside what it is about.
    private static readonly string[] documents = ["README.md", "bench/README.md", "src/FreezeBench.Accuracy/README.md", "src/FreezeBench.Tool/README.md", "src/FreezeBench.Kernels/README.md"];

    private static readonly string results = Path.Combine(Shell.Root, "results");

    [Fact]
    public void CostTable_IsMadeFromTheRowsOfTheRunsThatItNames() =>
        Matches(path, ResultsBlock(), "results", runs => new ReadmeTable(runs).Build(results), () => ReadmeTable.Newest(results).Runs);

    [Fact]
    public void AccuracyTable_IsMadeFromTheRowsOfTheRunsThatItNames() =>
        Matches(path, AccuracyBlock(), "accuracy", runs => new ReadmeAccuracyTable(runs).Build(results), () => ReadmeAccuracyTable.Newest(results).Runs);

    [Theory]
    [InlineData("20261128T193856Z-0840bddb")]
    [InlineData("20261128T232528Z-bf70068b")]
    public void SentenceOnAnotherRun_IsThatOfTheRunThatItNames(string run)
    {
        var last = ResultSet.Load(results).Environments.SelectMany(environment => environment.Epochs).Where(row => row.RunId == run && row.Classes == 10)
            .GroupBy(row => row.Policy).ToDictionary(rows => rows.Key, rows => 100 * rows.MaxBy(row => row.Epoch)!.TestAccuracyFraction);
        Assert.Contains(FormattableString.Invariant($"{last["fine-tune"]:0.0} % fine-tuned and {last["frozen-cached"]:0.0} % frozen (run {run})"), readme, StringComparison.Ordinal);
    }

    [Fact]
    public void TableOfTheKernels_IsMadeFromTheRowsOfTheRunThatItNames() => Matches(
        Path.Combine(Shell.Root, "src", "FreezeBench.Kernels", "README.md"), KernelsBlock(), "kernels", runs => ReadmeKernelsTable.Build(runs.Single(), results), () => [ReadmeKernelsTable.Newest(results)]);

    // The newest file of a platform counts, and not a named one: it takes the place of the older one on its machine anyway.
    [Fact]
    public void TableOfWhatHasBeenRun_IsMadeFromTheCommittedVerifications() =>
        Matches(path, VerificationBlock(), "verification", _ => ReadmeVerificationTable.Build(results), () => ["all"]);

    [Fact]
    public void Platform_WithoutAVerification_HasNeverRun() => Assert.All(
        ReadmeVerificationTable.Build([]).Split('\n')[2..], line => Assert.Equal(8, line.Split("**never**").Length - 1));

    // By their ids: whoever has measured on this machine has newer rows, and the README is right all the same.
    private static void Matches(string path, Regex block, string name, Func<IReadOnlyList<string>, string> build, Func<IReadOnlyList<string>> newest)
    {
        var text = File.ReadAllText(path);
        var match = block.Match(text);
        Assert.True(match.Success, $"{path} has lost the marks around its block '{name}'.");
        var update = Environment.GetEnvironmentVariable("FREEZEBENCH_UPDATE_GOLDENS");
        if (update is "1" or "named")
        {
            // "named": of the runs that the block names already; else of the newest, where a star stays on its run.
            var named = match.Groups["runs"].Value.Split(' ');
            var runs = update == "named" ? named : [.. newest().Select(run => named.Contains(run + "*") ? run + "*" : run)];
            var made = $"<!-- {name}:begin {string.Join(' ', runs)} (made by ReadmeTests with FREEZEBENCH_UPDATE_GOLDENS=1; do not edit) -->\n{build(runs)}\n";
            File.WriteAllText(path, $"{text[..match.Index]}{made}{text[match.Groups["end"].Index..]}");
            return;
        }
        Assert.Equal(build(match.Groups["runs"].Value.Split(' ')), match.Groups["table"].Value.Trim('\n'));
    }

    [Fact]
    public void EveryOptionOfTheBenchmarks_IsDocumented_AndNoOther()
    {
        var ours = new BenchmarkOptions().Command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.StartsWith("--", StringComparison.Ordinal)).Except(["--help", "--version"]);
        var text = Text("bench/README.md");
        var table = text[text.IndexOf("| option |", StringComparison.Ordinal)..text.IndexOf("BenchmarkDotNet's own options", StringComparison.Ordinal)];

        Assert.Equal(ours.Order(), Option().Matches(table).Select(match => match.Value).Distinct().Order());
    }

    [Fact]
    public void EveryCommand_UsesOptionsThatItsProgramTakes()
    {
        var commands = documents.SelectMany(document => Text(document).Split('\n')).Where(line => line.StartsWith("dotnet run", StringComparison.Ordinal) && line.Contains(" -- ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(commands);
        Assert.All(commands, line =>
        {
            var arguments = line[(line.IndexOf(" -- ", StringComparison.Ordinal) + 4)..].Replace("'", "", StringComparison.Ordinal).Split(' ');
            var parsed = (line.Contains("Accuracy", StringComparison.Ordinal) ? new AccuracyOptions().Command
                : line.Contains("bench/peers/MlNet", StringComparison.Ordinal) ? new MlNetOptions().Command : new BenchmarkOptions().Command).Parse(arguments);

            Assert.Empty(parsed.Errors);
            Benchmarks.Running.BenchmarkArguments.Parse(parsed.UnmatchedTokens);
        });
    }

    [Fact]
    public void EveryPolicyAndBackbone_IsNamed()
    {
        var names = FreezingPolicy.All.Select(policy => policy.Name).Except(["from-layer2", "from-layer3", "only-layer2", "only-layer3"]).Concat(NetworkCatalog.All.Select(backbone => backbone.Name).Except([ProgramHere.Network]));

        Assert.All(names, name => Assert.Contains($"`{name}`", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryLinkedFile_AndPlaceInIt_Exists() => Assert.All(
        documents.SelectMany(document => Link().Matches(Text(document)).Select(match => (Document: document, Target: match.Groups["target"].Value)))
            .Where(link => !link.Target.StartsWith("https://", StringComparison.Ordinal)),
        link =>
        {
            var (file, place) = (link.Target.Split('#')[0], link.Target.Split('#').ElementAtOrDefault(1));
            var target = Path.GetFullPath(Path.Combine(Shell.Root, Path.GetDirectoryName(link.Document)!, file.Length == 0 ? Path.GetFileName(link.Document) : file));
            Assert.True(Path.Exists(target), $"{link.Document}: {link.Target}");
            if (place is not null)
                Assert.Contains(place, File.ReadLines(target).Where(line => line.StartsWith('#')).Select(PlaceOf));
        });

    // GitHub leaves punctuation out.
    private static string PlaceOf(string heading) =>
        string.Concat(heading.TrimStart('#', ' ').ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    [Fact]
    public void Readme_IsShort() => Assert.InRange(readme.Split('\n').Length, 1, 201);

    private static string Text(string document) => File.ReadAllText(Path.Combine(Shell.Root, document));

    [GeneratedRegex("<!-- results:begin (?<runs>[^(]+) [^>]*-->(?<table>.*?)(?<end><!-- results:end -->)", RegexOptions.Singleline)]
    private static partial Regex ResultsBlock();

    [GeneratedRegex("<!-- accuracy:begin (?<runs>[^(]+) [^>]*-->(?<table>.*?)(?<end><!-- accuracy:end -->)", RegexOptions.Singleline)]
    private static partial Regex AccuracyBlock();

    [GeneratedRegex("<!-- kernels:begin (?<runs>[^(]+) [^>]*-->(?<table>.*?)(?<end><!-- kernels:end -->)", RegexOptions.Singleline)]
    private static partial Regex KernelsBlock();

    [GeneratedRegex("<!-- verification:begin (?<runs>[^(]+) [^>]*-->(?<table>.*?)(?<end><!-- verification:end -->)", RegexOptions.Singleline)]
    private static partial Regex VerificationBlock();

    [GeneratedRegex("--[a-z][a-z-]+")]
    private static partial Regex Option();

    [GeneratedRegex(@"\]\((?<target>[^)]+)\)")]
    private static partial Regex Link();
}
