using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Results.Rows;

namespace FreezeBench.Accuracy.Options;

/// <summary>Reads the lists of <c>--head</c>, <c>--shots</c> and <c>--seeds</c>: one training run for each item.</summary>
public static class RunLists
{
    private const int MostShots = 1_000_000;

    /// <summary>Reads <c>sgd,lbfgs</c>.</summary>
    /// <exception cref="UserErrorException">A line for each word that is no head, or there twice.</exception>
    public static IReadOnlyList<HeadKind> Heads(string text) => Read(
        text, word => Enum.GetValues<HeadKind>().Where(head => head.Word() == word).Select(head => (HeadKind?)head).FirstOrDefault(),
        word => $"--head has '{word}'. Valid values: {HeadKinds.ValidNames}, or several with commas between.", "--head");

    /// <summary>Reads <c>1,5,25</c>.</summary>
    /// <exception cref="UserErrorException">A line for each item that is no whole number of 1 or more, or there twice.</exception>
    public static IReadOnlyList<int> Shots(string text) => Read(
        text, word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var shots) && shots is >= 1 and <= MostShots ? shots : (int?)null,
        word => $"--shots has '{word}'; images of each class are a whole number from 1 to {MostShots}, or several with commas between.", "--shots");

    /// <summary>Reads <c>1,2,3</c>, in the user's order.</summary>
    /// <exception cref="UserErrorException">A line for each item that is no whole number of 0 or more, or there twice.</exception>
    public static IReadOnlyList<int> Seeds(string text) => Read(
        text, word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : (int?)null,
        word => $"--seeds has '{word}'; a seed is a whole number from 0 to {int.MaxValue}.", "--seeds");

    private static List<T> Read<T>(string text, Func<string, T?> parse, Func<string, string> refusal, string option)
        where T : struct
    {
        List<T> items = [];
        List<string> errors = [];
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (parse(word) is not { } item)
                errors.Add(refusal(word));
            else if (items.Contains(item))
                errors.Add($"{option} has {word} twice: the second run would be the first one again.");
            else
                items.Add(item);
        }
        return errors is [] ? items : throw new UserErrorException(string.Join('\n', errors.Distinct()));
    }
}
