using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Training;

namespace FreezeBench.Accuracy.Options;

/// <summary>How long each policy trains: <c>--epochs 3</c>, or <c>--epochs 1,frozen-cached=10</c>.</summary>
public sealed record EpochPlan
{
    private const int Most = 10_000;

    private readonly IReadOnlyDictionary<string, int> own;

    private EpochPlan(int others, IReadOnlyDictionary<string, int> own) => (Others, this.own) = (others, own);

    /// <summary>One epoch each.</summary>
    public static EpochPlan Default { get; } = new(1, new Dictionary<string, int>());

    /// <summary>Epochs of a policy that is not named.</summary>
    public int Others { get; }

    /// <summary>Reads a number, <c>policy=number</c> items, or both.</summary>
    /// <exception cref="UserErrorException">A line for each item that is wrong.</exception>
    public static EpochPlan Parse(string text)
    {
        int? others = null;
        Dictionary<string, int> own = [];
        List<string> errors = [];
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = item.Split('=', 2, StringSplitOptions.TrimEntries);
            if (!int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var epochs) || epochs is < 1 or > Most)
                errors.Add($"--epochs is '{parts[^1]}'; it must be a whole number from 1 to {Most}, or policy=number.");
            else if (parts.Length == 1 && others is not null)
                errors.Add($"--epochs has two numbers without a policy: {others} and {epochs}.");
            else if (parts.Length == 1)
                others = epochs;
            else if (!Strategy.IsValidName(parts[0]))
                errors.Add($"--epochs names '{parts[0]}'. Valid policies: {Strategy.ValidNames}.");
            else if (!own.TryAdd(parts[0], epochs))
                errors.Add($"--epochs names '{parts[0]}' twice.");
        }
        return errors is [] ? new EpochPlan(others ?? Default.Others, own) : throw new UserErrorException(string.Join('\n', errors));
    }

    /// <summary>Epochs of a policy.</summary>
    public int For(Strategy strategy) => own.TryGetValue(strategy.Name, out var epochs) ? epochs : Others;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(',', own.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}")).Prepend(Others.ToString(CultureInfo.InvariantCulture)));
}
