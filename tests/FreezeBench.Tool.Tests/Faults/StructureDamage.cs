using System.Text;
using FreezeBench.Faults;

namespace FreezeBench.Tool.Tests.Faults;

/// <summary>Damage that leaves a text well-formed, so that it gets past a parser: what a person or another program does to a file.</summary>
internal static class StructureDamage
{
    // A null item, half of a surrogate pair, a turn of the direction of reading, and numbers that fit no type or no clock.
    private static readonly string[] values = ["null", "\"\\ud800\"", "\"\\u202e\"", "[null]", "{}", "-1", "1e308", "99999999999", "\"9999-12-31T23:59:59+00:00\"", "\"0001-01-01T00:00:00+00:00\""];

    private static readonly string[] cells = ["\u202e", "-1", "1e308", "2147483647", "unknown", "9999-12-31T23:59:59Z", "0", "2"];

    /// <summary>One damage to JSON, or to rows.</summary>
    internal static byte[] Of(string file, byte[] bytes, Random random)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return Encoding.UTF8.GetBytes(file.EndsWith(".csv", StringComparison.Ordinal) ? Rows(text, random) : Json(text, random));
    }

    private static string Json(string text, Random random)
    {
        // A list gets one item more, or a value is another one.
        var lists = Places(text, '[');
        if (lists.Count > 0 && random.Next(3) == 0)
            return text.Insert(lists[random.Next(lists.Count)] + 1, values[random.Next(values.Length)] + (random.Next(4) == 0 ? "" : ","));
        var keys = Places(text, ':').Where(at => at > 0 && text[at - 1] == '"').ToList();
        if (keys.Count == 0)
            return values[random.Next(values.Length)];
        var from = keys[random.Next(keys.Count)] + 1;
        var to = text.IndexOfAny([',', '\n', '}'], from);
        return text[..from] + values[random.Next(values.Length)] + (to < 0 ? "" : text[to..]);
    }

    private static string Rows(string text, Random random)
    {
        var lines = text.Split('\n').Select(line => line.Split(',')).ToList();
        var column = random.Next(lines[0].Length);
        if (random.Next(2) == 0)
            return string.Join('\n', lines.Select(line => string.Join(',', line.Where((_, index) => index != column))));
        if (lines.Count > 2)
            lines[random.Next(1, lines.Count - 1)][column] = cells[random.Next(cells.Length)];
        return string.Join('\n', lines.Select(line => string.Join(',', line)));
    }

    private static List<int> Places(string text, char sign) => [.. text.Index().Where(item => item.Item == sign).Select(item => item.Index)];

    /// <summary>Damages a file in one of all the ways that there are.</summary>
    /// <param name="path">It need not exist.</param>
    /// <param name="otherwise">What it holds where it does not.</param>
    /// <param name="random">Of the case.</param>
    internal static void Damage(string path, byte[] otherwise, Random random)
    {
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : otherwise;
        switch (random.Next(8))
        {
            case 0 when SpecialFile.AreThere:
                SpecialFile.Put(SpecialFile.Kinds[random.Next(SpecialFile.Kinds.Count)], path);
                break;
            case <= 3:
                File.WriteAllBytes(path, Of(path, bytes, random));
                break;
            default:
                File.WriteAllBytes(path, Mutation.Of(bytes, random));
                break;
        }
    }
}
