using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>From a tree to a matrix without open defaults.</summary>
internal sealed partial class DocumentReader
{
    private const string ProgramKey = "program", RepeatsKey = "repeats", NodesKey = "nodes", OptionsKey = "options";
    private const int MostRepeats = 99;

    private static readonly string[] topKeys = ["name", "nodes", "setup", "cells", "exclude"];
    private static readonly string[] nodeKeys = ["name", "gres", "constraint", "partition", "exclusive", "time_limit", "cpus", "device", "sbatch"];
    private static readonly string[] blockKeys = [ProgramKey, .. CellAxis.All.Select(axis => axis.Key), RepeatsKey, NodesKey, OptionsKey];
    private static readonly string[] excludeKeys = [ProgramKey, .. CellAxis.All.Select(axis => axis.One), "node", "repeat"];
    private static readonly string[] programs = ["bench", "accuracy"];

    // What a cell is told by the matrix itself.
    private static readonly string[] ownOptions = ["out", "device", "resume", "checkpoint-dir", "repeat", "dry-run", "list-workloads", "profile", "preset", "network", "seed", .. CellAxis.All.Select(axis => axis.Option[2..])];

    // What the job script says itself, and what would make of a task per cell something else.
    private static readonly string[] ownSbatch =
        ["job-name", "array", "output", "error", "open-mode", "nodes", "ntasks", "requeue", "no-requeue", "signal", "dependency", "wrap", "wait", "test-only", "parsable", "quiet", "help", "usage", "version", "clusters", "cluster-constraint", "partition", "gres", "constraint", "exclusive", "time", "cpus-per-task"];

    // A cell runs in a folder of its own, on any node: a path that is seen from somewhere else is none there.
    private static readonly string[] pathOptions = ["data-dir", "weights", "feature-cache"];
    private static readonly string[] wordsOfWeights = ["random", "imagenet", "imagenet-v2"];

    private readonly TreeReader tree = new();

    /// <exception cref="UserErrorException">One line for each thing that is wrong.</exception>
    internal static MatrixDocument Read(JsonNode? root, string file, string shownFile)
    {
        var reader = new DocumentReader();
        var document = reader.Document(root, file);
        return reader.tree.Errors is [] ? document! : throw new UserErrorException(string.Join('\n', reader.tree.Errors.Select(error => $"{shownFile}: {error}")));
    }

    private MatrixDocument? Document(JsonNode? root, string file)
    {
        if (tree.Object(root, "", topKeys) is not { } top)
            return null;
        var name = tree.Text(top, "name", "") ?? Plain(Path.GetFileNameWithoutExtension(file));
        if (!Name().IsMatch(name))
            tree.Wrong("name", $"it is '{name}'; {NameRule}");
        var nodes = tree.List(top, NodesKey, "").Select(item => Node(item.Node, item.Place)).OfType<NodeKind>().ToList();
        if (!top.ContainsKey(NodesKey))
            nodes.Add(new NodeKind { Name = NodeKind.Anything, Device = NodeKind.DeviceOf(null, []) });
        foreach (var twice in nodes.GroupBy(node => node.Name).Where(group => group.Count() > 1))
            tree.Wrong(NodesKey, $"two kinds are called '{twice.Key}'.");
        if (!top.ContainsKey("cells"))
            tree.Wrong("", "the key 'cells' is missing: a list of blocks, each the product of its lists.");
        return new MatrixDocument
        {
            File = file,
            Name = name,
            Nodes = nodes,
            Blocks = [.. tree.List(top, "cells", "").Select(item => Block(item.Node, item.Place, nodes)).OfType<CellBlock>()],
            Exclude = [.. tree.List(top, "exclude", "").Select(item => Exclusion(item.Node, item.Place))],
            Setup = tree.Words(top, "setup", ""),
        };
    }

    private NodeKind? Node(JsonNode? node, string place)
    {
        if (tree.Object(node, place, nodeKeys) is not { } map)
            return null;
        var name = tree.Text(map, "name", place);
        if (name is null && !map.ContainsKey("name"))
            tree.Wrong(place, "the key 'name' is missing.");
        if (name is not null && !Name().IsMatch(name))
            tree.Wrong($"{place}.name", $"it is '{name}'; {NameRule}");
        var gres = SchedulerWord(map, "gres", place);
        var limit = tree.Text(map, "time_limit", place);
        if (limit is not null && !TimeLimit().IsMatch(limit))
            tree.Wrong($"{place}.time_limit", $"it is '{limit}'; write minutes, or hours:minutes:seconds, or days-hours:minutes:seconds.");
        List<string> sbatch = [];
        foreach (var (item, here) in tree.List(map, "sbatch", place))
            if (item is not JsonValue value || value.GetValueKind() != JsonValueKind.String || SbatchOption().Match(value.GetValue<string>()) is not { Success: true } option || !IsSchedulerWord(value.GetValue<string>()))
                tree.Wrong(here, $"it is {item?.ToJsonString() ?? "null"}; write a long option in one word, such as \"--account=lab\", without quotes and backslashes.");
            else if (ownSbatch.Contains(option.Groups["name"].Value))
                tree.Wrong(here, $"--{option.Groups["name"].Value} is the matrix's own: leave it out.");
            else
                sbatch.Add(option.Value);
        return name is null ? null : new NodeKind
        {
            Name = name,
            Gres = gres,
            Constraint = SchedulerWord(map, "constraint", place),
            Partition = SchedulerWord(map, "partition", place),
            Exclusive = tree.Switch(map, "exclusive", place),
            TimeLimit = limit,
            Cpus = tree.Whole(map, "cpus", place, 1, 1024),
            Device = tree.Text(map, "device", place) ?? NodeKind.DeviceOf(gres, sbatch),
            Sbatch = sbatch,
        };
    }

    // What goes into a scheduler's line. It is quoted there, but blanks, quotes and backslashes mean to schedulers what they do not to a shell.
    private string? SchedulerWord(JsonObject map, string key, string place)
    {
        var word = tree.Text(map, key, place);
        if (word is not null && !IsSchedulerWord(word))
            tree.Wrong(TreeReader.At(place, key), $"it is '{word}'; write it in one word, without blanks, quotes, backslashes and control characters.");
        return word;
    }

    private static bool IsSchedulerWord(string word) => OneWord().IsMatch(word);

    private CellBlock? Block(JsonNode? node, string place, List<NodeKind> nodes)
    {
        if (tree.Object(node, place, blockKeys) is not { } map)
            return null;
        var word = tree.Text(map, ProgramKey, place) ?? programs[0];
        if (!programs.Contains(word))
            tree.Wrong($"{place}.{ProgramKey}", $"it is '{word}'.{Nearest.Hint(word, programs)} Valid values: {string.Join(", ", programs)}.");
        var program = word == programs[1] ? CellProgram.Accuracy : CellProgram.Bench;
        List<(CellAxis Axis, IReadOnlyList<string> Values)> axes = [];
        foreach (var axis in CellAxis.All.Where(axis => map.ContainsKey(axis.Key)))
        {
            var values = tree.Words(map, axis.Key, place);
            if (axis.Program is { } only && only != program)
                tree.Wrong($"{place}.{axis.Key}", $"the program {word} has none.");
            foreach (var value in values)
                if (Misfit(axis, value) is { } misfit)
                    tree.Wrong($"{place}.{axis.Key}", $"'{value}' {misfit}");
            if (values.Count > 0)
                axes.Add((axis, values));
        }
        if (map.ContainsKey(CellAxis.Workloads.Key) && CellAxis.OfSize.Where(axis => map.ContainsKey(axis.Key)).Select(axis => axis.Key).ToList() is { Count: > 0 } sizes)
            tree.Wrong(place, $"standard workloads have sizes of their own: leave out {string.Join(", ", sizes)}, or {CellAxis.Workloads.Key}.");
        if (!map.ContainsKey(CellAxis.Policies.Key))
            tree.Wrong(place, $"the key '{CellAxis.Policies.Key}' is missing.");
        if (program == CellProgram.Bench && !map.ContainsKey(CellAxis.Workloads.Key) && !map.ContainsKey(CellAxis.Networks.Key))
            tree.Wrong(place, $"one of the keys '{CellAxis.Workloads.Key}' and '{CellAxis.Networks.Key}' is needed.");
        var chosen = tree.Words(map, NodesKey, place);
        foreach (var unknown in chosen.Except(nodes.Select(kind => kind.Name)))
            tree.Wrong($"{place}.{NodesKey}", $"no kind of node is called '{unknown}'.{Nearest.Hint(unknown, nodes.Select(kind => kind.Name))} There are: {string.Join(", ", nodes.Select(kind => kind.Name))}.");
        return new CellBlock
        {
            Program = program,
            Axes = axes,
            Repeats = tree.Whole(map, RepeatsKey, place, 1, MostRepeats) ?? 1,
            Nodes = chosen.Count > 0 ? chosen : [.. nodes.Select(kind => kind.Name)],
            Options = Options(map, place),
        };
    }

    private static string? Misfit(CellAxis axis, string value) =>
        axis.Known is { } known && !known.Contains(value) ? $"is unknown.{Nearest.Hint(value, known)} Valid values: {string.Join(", ", known)}."
        : axis == CellAxis.Datasets && value.StartsWith("imagefolder:", StringComparison.Ordinal) ? (Path.IsPathRooted(value["imagefolder:".Length..]) ? null : "is no whole path; a cell runs in a folder of its own.")
        : axis == CellAxis.Policies && value is "all" || value.Contains(',') ? "is more than one; list them, each is a cell."
        : null;

    private List<(string, string)> Options(JsonObject block, string place)
    {
        List<(string, string)> options = [];
        var here = TreeReader.At(place, OptionsKey);
        if (!block.TryGetPropertyValue(OptionsKey, out var node))
            return options;
        if (node is not JsonObject map)
        {
            tree.Wrong(here, "an object is expected: names of options without hyphens, and their values; true for a switch.");
            return options;
        }
        foreach (var (name, given) in map)
        {
            if (!OptionName().IsMatch(name))
                tree.Wrong(here, $"'{name}' is no option's name; write it without its hyphens in front, such as images-per-epoch.");
            else if (ownOptions.Contains(name))
                tree.Wrong(here, $"--{name} is the matrix's own: {(CellAxis.All.FirstOrDefault(axis => axis.Option[2..] == name) is { } axis ? $"use the key '{axis.Key}'." : "leave it out.")}");
            else if (given is JsonValue value && value.GetValueKind() == JsonValueKind.True)
                options.Add((name, ""));
            else if (tree.Word(given, $"{here}.{name}") is { } word)
            {
                if (pathOptions.Contains(name) && !Path.IsPathRooted(word) && !(name == "weights" && wordsOfWeights.Contains(word)))
                    tree.Wrong($"{here}.{name}", $"'{word}' is no whole path; a cell runs in a folder of its own.");
                options.Add((name, word));
            }
        }
        return options;
    }

    private Dictionary<string, IReadOnlyList<string>> Exclusion(JsonNode? node, string place)
    {
        Dictionary<string, IReadOnlyList<string>> values = [];
        if (tree.Object(node, place, excludeKeys) is not { } map)
            return values;
        if (map.Count == 0)
            tree.Wrong(place, "it is empty, and would leave out every cell.");
        foreach (var key in map.Select(pair => pair.Key).Intersect(excludeKeys))
            values[key] = map[key] is JsonArray ? tree.Words(map, key, place) : tree.Text(map, key, place) is { } one ? [one] : [];
        return values;
    }

    private const string NameRule = "it must be 1 to 40 lower-case letters, digits and hyphens, and begin with a letter or digit.";

    private static string Plain(string file) => string.Concat(file.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-') is { Length: > 0 } plain ? plain[..Math.Min(40, plain.Length)] : "matrix";

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex("^([0-9]{1,6}|([0-9]{1,4}-)?[0-9]{1,3}(:[0-9]{2}){1,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex TimeLimit();

    [GeneratedRegex("^--(?<name>[a-z][a-z-]*)(=.+)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex SbatchOption();

    [GeneratedRegex("""^[^\s\p{C}'"\\]+\z""", RegexOptions.CultureInvariant)]
    private static partial Regex OneWord();

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex OptionName();
}
