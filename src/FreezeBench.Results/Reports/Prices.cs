using System.Globalization;

namespace FreezeBench.Results.Reports;

/// <summary>What an hour of a machine costs, as its user says.</summary>
/// <param name="EurPerHour">EUR per hour by the machine's name or one of its environment ids.</param>
public sealed record Prices(IReadOnlyDictionary<string, double> EurPerHour)
{
    /// <summary>How a price is written.</summary>
    public const string Form = "NAME=EUR-PER-HOUR, such as 'NVIDIA H200=3.80'";

    /// <summary>No prices.</summary>
    public static Prices None { get; } = new(new Dictionary<string, double>());

    /// <summary>Reads prices, one a text. The name is all before the last equals sign.</summary>
    /// <param name="texts">What the user wrote.</param>
    /// <param name="file">A file of more: <see cref="PricesFile"/>; null for none.</param>
    /// <exception cref="UserErrorException">One line for each text that is no price, and for a name that is there twice; or the file is no file of prices.</exception>
    public static Prices Parse(IEnumerable<string> texts, string? file = null)
    {
        List<string> errors = [];
        Dictionary<string, double> prices = new(StringComparer.OrdinalIgnoreCase);
        foreach (var text in texts)
        {
            var at = text.LastIndexOf('=');
            Add("--price", text, at < 0 ? "" : text[..at].Trim(), text[(at + 1)..], Form);
        }
        foreach (var (place, name, price) in file is null ? [] : PricesFile.Read(file))
            Add(place, $"{name},{price}", name.Trim(), price, "name,price with EUR per hour");
        return errors is [] ? new Prices(prices) : throw new UserErrorException(string.Join('\n', errors));

        void Add(string place, string text, string name, string price, string form)
        {
            if (name.Length == 0 || !double.TryParse(price, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
                errors.Add($"{place} is '{text}'; it must be {form}, 0 or more.");
            else if (!prices.TryAdd(name, value))
                errors.Add($"{place} names '{name}' twice.");
        }
    }

    /// <summary>EUR per hour of a machine; null where nobody said.</summary>
    internal double? Of(MachineRow machine) => machine.EnvironmentIds.Prepend(machine.Name).Where(EurPerHour.ContainsKey).Select(name => (double?)EurPerHour[name]).FirstOrDefault();

    /// <exception cref="UserErrorException">A price is of none of the machines.</exception>
    internal void CheckNames(IReadOnlyList<MachineRow> machines)
    {
        var unknown = EurPerHour.Keys.Where(name => !machines.Any(machine => machine.EnvironmentIds.Prepend(machine.Name).Contains(name, StringComparer.OrdinalIgnoreCase))).ToList();
        if (unknown.Count > 0)
            throw new UserErrorException($"A price names {string.Join(", ", unknown.Select(name => $"'{name}'"))}, which is no machine of the table. It has {string.Join("; ", machines.Select(machine => $"{machine.Name} ({string.Join(", ", machine.EnvironmentIds)})").DefaultIfEmpty("no machine"))}.");
    }
}
