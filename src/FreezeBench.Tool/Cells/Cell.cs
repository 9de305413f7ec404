using System.Globalization;
using System.Text;

namespace FreezeBench.Tool.Cells;

/// <summary>One measurement of a matrix: a process of a program on a kind of node.</summary>
internal sealed record Cell
{
    private const int LongestName = 120;

    public required CellProgram Program { get; init; }

    /// <summary>A value of each axis of its block.</summary>
    public required IReadOnlyList<(CellAxis Axis, string Value)> Settings { get; init; }

    public required IReadOnlyList<(string Name, string Value)> Options { get; init; }

    public required NodeKind Node { get; init; }

    /// <summary>Which process of the same, from 1.</summary>
    public required int Repeat { get; init; }

    /// <summary>Readable, and unique by its end: a hash of the settings, the same in every file that has this cell, wherever it stands there.</summary>
    /// <remarks>How a scheduler finds the node (partition, limits) is not in it: that may change while the matrix runs.</remarks>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Name}-{Hash(Canonical):x8}");

    /// <summary>Node, settings and repeat.</summary>
    public string Name
    {
        get
        {
            var words = new[] { Node.Name, Program == CellProgram.Accuracy ? ProgramWord : "" }.Concat(Settings.Select(setting => setting.Value)).Append(string.Create(CultureInfo.InvariantCulture, $"{Repeat}"));
            var name = string.Join('-', words.Where(word => word.Length > 0).Select(word => string.Concat(word.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-')));
            return name[..Math.Min(LongestName, name.Length)];
        }
    }

    /// <summary>As a file names it.</summary>
    public string ProgramWord => Program == CellProgram.Accuracy ? "accuracy" : "bench";

    /// <summary>Options of the program, but for those that say where to write.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        .. Settings.SelectMany(setting => new[] { setting.Axis.Option, setting.Value }),
        .. Options.SelectMany(option => option.Value.Length == 0 ? new[] { $"--{option.Name}" } : [$"--{option.Name}", option.Value]),
        "--device", Node.Device,
    ];

    /// <summary>The value of something that <c>exclude</c> may name; null: the cell has none.</summary>
    internal string? ValueOf(string one) => one switch
    {
        "program" => ProgramWord,
        "node" => Node.Name,
        "repeat" => Repeat.ToString(CultureInfo.InvariantCulture),
        _ => Settings.FirstOrDefault(setting => setting.Axis.One == one).Value,
    };

    // FNV-1a of 64 bits (Fowler, Noll and Vo; draft-eastlake-fnv), its halves laid over each other: equal on every machine, and of the framework's hashes of files none is needed,
    // which want a library that a bare system lacks. Cells of one name are few.
    private static uint Hash(string text)
    {
        var hash = 14695981039346656037ul;
        foreach (var one in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ one) * 1099511628211ul);
        return (uint)(hash >> 32) ^ (uint)hash;
    }

    // Of a fixed order, and with ends that no value has.
    private string Canonical => string.Join('\n',
        Settings.Select(setting => $"{setting.Axis.One}={setting.Value}")
            .Concat(Options.OrderBy(option => option.Name, StringComparer.Ordinal).Select(option => $"--{option.Name}={option.Value}"))
            .Prepend($"program={ProgramWord}").Append($"node={Node.Name}").Append($"device={Node.Device}")
            .Append(string.Create(CultureInfo.InvariantCulture, $"repeat={Repeat}")));
}
