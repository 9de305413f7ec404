using System.Globalization;

namespace FreezeBench.Results.Advising;

/// <summary>What an advice is asked for.</summary>
public sealed record AdviceOptions
{
    /// <summary>How far below the best test accuracy is near enough, in percentage points: 0 to 100, by default 1.</summary>
    public double WithinPoints { get; init; } = 1;

    /// <summary>Training time that there is, in s, above 0; null: no bound.</summary>
    public double? TimeBudgetS { get; init; }

    /// <summary>These options, if every one is valid.</summary>
    /// <exception cref="UserErrorException">One line per invalid option: name, value, valid range.</exception>
    public AdviceOptions Validated()
    {
        List<string> errors = [];
        // Written so that NaN, which compares false with everything, is refused too.
        if (!(WithinPoints is >= 0 and <= 100))
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"--within is {WithinPoints}; it must be from 0 to 100 percentage points."));
        if (TimeBudgetS is { } budget && !(budget > 0 && double.IsFinite(budget)))
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"--time-budget is {budget}; it must be above 0 seconds."));
        return errors is [] ? this : throw new UserErrorException(string.Join('\n', errors));
    }
}
