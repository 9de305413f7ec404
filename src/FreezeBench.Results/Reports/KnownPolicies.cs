using System.Text.RegularExpressions;

namespace FreezeBench.Results.Reports;

/// <summary>The policies that reports know: their order in every table, and their colours.</summary>
/// <remarks>Named here again because reports are made without the library that has the policies, which needs torch.</remarks>
public static partial class KnownPolicies
{
    /// <summary>Colours of policies of no family.</summary>
    private static readonly int[] others = [9, 17, 18, 19];

    /// <summary>In the order of the tables: first the baseline, then from all frozen to nearly all trained, then what trains one part alone or changes in mid-run.</summary>
    public static IReadOnlyList<PolicyFamily> Families { get; } =
    [
        new("fine-tune", 0), new("frozen", 1), new("frozen-train-bn", 2), new("frozen-cached", 3), new("bias-only", 10), new("norm-only", 11), new("lora:*", 12),
        new("from-*", 4, 5, 6, 7), new("only-*", 13, 14, 15, 16), new("probe-then-tune", 8),
    ];

    /// <summary>The family of a policy; null for a name of which nothing is known.</summary>
    public static PolicyFamily? FamilyOf(string policy) => Families.FirstOrDefault(family => family.Has(policy));

    /// <summary>The number of a policy's colour, the same in every report: by the number in its name where its family has several.</summary>
    public static int Colour(string policy)
    {
        var colours = FamilyOf(policy)?.Colours ?? others;
        // Names with a number take turns, the first stage first; of others the letters decide, since string hashes differ from process to process.
        var turn = Digits().Match(policy) is { Success: true } digits && int.TryParse(digits.Value, out var number) ? Math.Max(number, 1) - 1 : policy.Sum(letter => (int)letter);
        return colours[turn % colours.Count];
    }

    /// <summary>Sorted by family, numbers in names by their value; then policies of no family by name.</summary>
    public static IOrderedEnumerable<T> InPolicyOrder<T>(this IEnumerable<T> items, Func<T, string> policy) =>
        items.OrderBy(item => Place(policy(item))).ThenBy(item => Digits().Replace(policy(item), digits => digits.Value.PadLeft(10, '0')), StringComparer.Ordinal);

    private static int Place(string policy) => Families.Index().FirstOrDefault(family => family.Item.Has(policy), (Families.Count, null!)).Index;

    [GeneratedRegex("[0-9]{1,9}")]
    private static partial Regex Digits();
}

/// <summary>A policy, or several of one kind.</summary>
/// <param name="Name">The policy's name, or the beginning of the names with a star behind.</param>
/// <param name="Colours">Numbers of their colours in the style sheet of the report; one or more.</param>
public sealed record PolicyFamily(string Name, params IReadOnlyList<int> Colours)
{
    /// <summary>Whether a policy is of this family.</summary>
    public bool Has(string policy) =>
        Name.EndsWith('*') ? policy.Length >= Name.Length && policy.StartsWith(Name[..^1], StringComparison.Ordinal) : policy == Name;
}
