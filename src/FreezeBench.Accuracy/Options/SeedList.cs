using System.Globalization;
using FreezeBench.Results;

namespace FreezeBench.Accuracy.Options;

/// <summary>The seeds of <c>--seeds</c>: one training run for each.</summary>
/// <param name="Seeds">In the user's order, all different.</param>
public sealed record SeedList(IReadOnlyList<int> Seeds)
{
    /// <summary>The seed where none was asked for.</summary>
    public static SeedList Default { get; } = new([1]);

    /// <summary>Reads <c>1,2,3</c>.</summary>
    /// <exception cref="UserErrorException">What is no whole number of 0 or more, and what is there twice.</exception>
    public static SeedList Parse(string text)
    {
        List<int> seeds = [];
        List<string> errors = [];
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
                errors.Add($"--seeds has '{item}'; a seed is a whole number from 0 to {int.MaxValue}.");
            else if (seeds.Contains(seed))
                errors.Add($"--seeds has {seed} twice: the second run would be the first one again.");
            else
                seeds.Add(seed);
        }
        return errors is [] ? new SeedList(seeds) : throw new UserErrorException(string.Join('\n', errors));
    }
}
