using System.Globalization;
using System.Text;
using FreezeBench.Results;

namespace FreezeBench.Images.Sets;

/// <summary>Some of a set's classes, as a user asks for them: the first K, or some by name.</summary>
public sealed record ClassSelection
{
    /// <summary>What can be asked for, for help texts and messages.</summary>
    public const string ValidForms = "a number of classes (10), several numbers (2,3,10: one selection each), or class names (ants,bees; names:1,2,10 where they are numbers, and \\, for a comma in a name)";

    private const string ByName = "names:";

    private readonly IReadOnlyList<string> names;

    private ClassSelection(int first, IReadOnlyList<string> names) => (First, this.names) = (first, names);

    /// <summary>So many classes from the start; 0 where they are chosen by name.</summary>
    public int First { get; }

    /// <summary>What <see cref="Parse"/> reads as the same selection: <c>10</c>, <c>ants,bees</c> or <c>names:1,2</c>.</summary>
    public string Text => names is [] ? First.ToString(CultureInfo.InvariantCulture)
        : (AreNumbers(names) || names[0].StartsWith(ByName, StringComparison.Ordinal) ? ByName : "") + string.Join(',', names.Select(name => name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal)));

    /// <summary>
    /// Items between commas. Where all of them are numbers, each is a selection of its own, of the first so many classes;
    /// else, and behind <c>names:</c>, they are the class names of one selection. A backslash makes a comma, or another backslash, part of a name.
    /// </summary>
    /// <exception cref="UserErrorException">An empty item, one that is there twice, or fewer than 2 classes.</exception>
    public static IReadOnlyList<ClassSelection> Parse(string text)
    {
        var areNames = text.StartsWith(ByName, StringComparison.Ordinal);
        var items = Items(areNames ? text[ByName.Length..] : text);
        if (items.Contains(""))
            throw Refused(text, "an item is empty");
        var numeric = !areNames && AreNumbers(items);
        int[] counts = numeric ? [.. items.Select(item => Number(text, item))] : [];
        var twice = numeric
            ? counts.GroupBy(count => count).Where(group => group.Count() > 1).Select(group => group.Key.ToString(CultureInfo.InvariantCulture))
            : items.GroupBy(item => item).Where(group => group.Count() > 1).Select(group => group.Key);
        if (twice.ToList() is { Count: > 0 } repeated)
            throw Refused(text, $"{string.Join(", ", repeated.Select(item => $"'{item}'"))} is there more than once");
        if (!numeric)
            return items.Count >= 2 ? [new ClassSelection(0, items)] : throw Refused(text, $"'{text}' alone leaves nothing to tell it from; 2 classes are the fewest");
        return [.. counts.Select(count => new ClassSelection(count, []))];
    }

    /// <summary>The labels of the classes in a set, for <see cref="ImageSet.SelectClasses"/>.</summary>
    /// <exception cref="UserErrorException">More classes than the set has, or a name that it has not: the valid ones are listed.</exception>
    public IReadOnlyList<int> Resolve(ImageSet set)
    {
        if (names is [])
            return First <= set.Classes
                ? [.. Enumerable.Range(0, First)]
                : throw Refused(Text, $"'{set.Name}' has {set.Classes} classes; valid numbers: 2 to {set.Classes}");
        var labels = names.Select(name => set.ClassNames.Index().Where(known => known.Item == name).Select(known => known.Index).DefaultIfEmpty(-1).First()).ToList();
        var unknown = names.Where((_, position) => labels[position] < 0).Select(name => $"'{name}'").ToList();
        return unknown is [] ? labels
            : throw Refused(Text, $"'{set.Name}' has no class {string.Join(", ", unknown)}; valid names: {string.Join(", ", set.ClassNames)}");
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The same classes in the same order.</summary>
    public bool Equals(ClassSelection? other) => other is not null && First == other.First && names.SequenceEqual(other.names);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    private static bool AreNumbers(IReadOnlyList<string> items) => items.All(item => item.All(char.IsAsciiDigit));

    private static List<string> Items(string text)
    {
        List<string> items = [];
        var item = new StringBuilder();
        for (var place = 0; place < text.Length; place++)
        {
            if (text[place] == '\\' && place + 1 < text.Length && text[place + 1] is (',' or '\\'))
                item.Append(text[++place]);
            else if (text[place] == ',')
            {
                items.Add(item.ToString().Trim());
                item.Clear();
            }
            else
                item.Append(text[place]);
        }
        return [.. items, item.ToString().Trim()];
    }

    private static int Number(string text, string item) =>
        int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 2
            ? count : throw Refused(text, $"{item} classes; 2 are the fewest, and what the data set has the most (classes whose names are numbers: {ByName}{text})");

    private static UserErrorException Refused(string text, string reason) => new($"‹class selection› {text}: {reason}. Give {ValidForms}.");
}
