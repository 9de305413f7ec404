using FreezeBench.Results;

namespace FreezeBench.Optimizing;

/// <summary>
/// How the learning rate moves through a training: a closed list of functions of the step's number. None has a state, so a
/// training that is resumed needs nothing but the number.
/// </summary>
/// <remarks>Each gives what the scheduler of PyTorch that is named with it gives, momentum excepted: that stays as it is.</remarks>
public sealed record LearningRateSchedule
{
    /// <summary>The learning rate as it is.</summary>
    public static readonly LearningRateSchedule Constant = new("constant", (_, _, _) => 1);

    /// <summary>A tenth after every third of the epochs: StepLR with gamma 0.1 and a step size of a third of the epochs, rounded up.</summary>
    public static readonly LearningRateSchedule Step = new("step", StepFactor);

    /// <summary>Half a period of a cosine over all steps, from 1 to 0 (Loshchilov and Hutter, 2017, without restarts): CosineAnnealingLR.</summary>
    public static readonly LearningRateSchedule Cosine = new("cosine", (step, total, _) => (1 + Math.Cos(Math.PI * step / total)) / 2);

    /// <summary>
    /// Up from 1/25 to 1 in the first 30 % of the steps, then down to 1/250,000, both along a cosine (Smith and Topin, 2018):
    /// OneCycleLR's defaults, for the learning rate alone.
    /// </summary>
    public static readonly LearningRateSchedule OneCycle = new("one-cycle", OneCycleFactor);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<LearningRateSchedule> All { get; } = [Constant, Step, Cosine, OneCycle];

    /// <summary>The names, for help texts, parsers and messages.</summary>
    public static string ValidNames { get; } = string.Join(", ", All.Select(schedule => schedule.Name));

    private readonly Func<int, int, int, double> factor;

    private LearningRateSchedule(string name, Func<int, int, int, double> factor) => (Name, this.factor) = (name, factor);

    /// <summary>The name in options and rows.</summary>
    public string Name { get; }

    /// <summary>Finds a schedule by its exact name.</summary>
    /// <exception cref="UserErrorException">The name is none of <see cref="ValidNames"/>.</exception>
    public static LearningRateSchedule Parse(string name) => All.FirstOrDefault(schedule => schedule.Name == name)
        ?? throw new UserErrorException($"Unknown schedule '{name}'. Valid values: {ValidNames}.");

    /// <summary>What a step's learning rate is of the one that was asked for: 0 to 1.</summary>
    /// <param name="step">0 for the first of the training, below <paramref name="stepsTotal"/>.</param>
    /// <param name="stepsTotal">Steps of all epochs; a whole number of epochs.</param>
    /// <param name="stepsPerEpoch">1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is none of the training's.</exception>
    public double Factor(int step, int stepsTotal, int stepsPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, stepsTotal);
        return factor(step, stepsTotal, stepsPerEpoch);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static double StepFactor(int step, int stepsTotal, int stepsPerEpoch)
    {
        var epochs = stepsTotal / stepsPerEpoch;
        return Math.Pow(0.1, step / stepsPerEpoch / ((epochs + 2) / 3));
    }

    private static double OneCycleFactor(int step, int stepsTotal, int stepsPerEpoch)
    {
        const double start = 1.0 / 25;      // div_factor
        const double end = start / 1e4;     // final_div_factor
        var peak = (0.3 * stepsTotal) - 1;  // pct_start; before 0 with three steps or fewer, which then only go down
        return step <= peak
            ? Anneal(start, 1, step / peak)
            : Anneal(1, end, (step - peak) / (stepsTotal - 1 - peak));
    }

    private static double Anneal(double from, double to, double share) => to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * share)));
}
