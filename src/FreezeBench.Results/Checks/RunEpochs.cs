using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>The epochs of one training run, as accuracy.csv has them; keeps the figures of each and one whole row of each policy.</summary>
internal sealed class RunEpochs(long firstLine, AccuracyRow first)
{
    private readonly List<(long Line, AccuracyRow Row)> phases = [(firstLine, first)];
    private readonly SortedDictionary<int, EpochFigures> epochs = [];

    internal TrainingRunKey Key { get; } = TrainingRunKey.Of(first);

    internal AccuracyRow First => first;

    internal long FirstLine => firstLine;

    /// <summary>Whether one known and clean commit trained all epochs.</summary>
    internal bool OneCommit { get; private set; } = true;

    /// <summary>Whether runs.csv has an end of it.</summary>
    internal bool Ended { get; set; }

    /// <summary>By epoch, each once.</summary>
    internal IReadOnlyList<EpochFigures> Epochs => [.. epochs.Values];

    internal string Signature => RunSettings.Signature([.. phases.Select(phase => phase.Row)]);

    /// <summary>The first epoch under the same policy in force, else of the run: what a row's settings must equal.</summary>
    internal (long Line, AccuracyRow Row) Like(AccuracyRow row) => phases.Find(phase => phase.Row.PolicyInForce == row.PolicyInForce) is { Row: not null } like ? like : phases[0];

    /// <returns>The line that has this epoch already, and then nothing is added; null where it is new.</returns>
    internal long? Add(long line, AccuracyRow row)
    {
        if (epochs.TryGetValue(row.Epoch, out var there))
            return there.Line;
        if (phases.TrueForAll(phase => phase.Row.PolicyInForce != row.PolicyInForce))
            phases.Add((line, row));
        OneCommit &= row.Commit == first.Commit && row.Commit != Unknown.Text && row.Dirty == false;
        epochs.Add(row.Epoch, new EpochFigures(row.Epoch, line, row.TrainLoss, row.TrainCorrect, row.TestLoss, row.TestCorrect, row.TestAccuracyFraction, row.TrainTimeS, row.EvaluationTimeS,
            row.EnergyJ, row.EnergySource, row.TestTotal, row.TestBalancedAccuracyFraction));
        return null;
    }

    /// <summary>The first epoch that is missing and the one that follows it; null where there is no gap.</summary>
    internal (int Missing, EpochFigures Next)? Gap()
    {
        foreach (var (index, epoch) in epochs.Values.Index())
        {
            if (epoch.Epoch != index + 1)
                return (index + 1, epoch);
        }
        return null;
    }

    /// <summary>Where the results of two runs part; null where all epochs that both have are equal to the last bit.</summary>
    internal string? FirstDifference(RunEpochs other)
    {
        foreach (var mine in epochs.Values)
        {
            if (!other.epochs.TryGetValue(mine.Epoch, out var theirs))
                continue;
            (string Name, double Mine, double Theirs)[] figures =
            [
                ("train_loss", mine.TrainLoss, theirs.TrainLoss), ("train_correct", mine.TrainCorrect, theirs.TrainCorrect),
                ("test_loss", mine.TestLoss, theirs.TestLoss), ("test_correct", mine.TestCorrect, theirs.TestCorrect),
            ];
            foreach (var (name, left, right) in figures)
            {
                if (left != right)
                    return FormattableString.Invariant($"in epoch {mine.Epoch} {name} is {left:R}, not {right:R}");
            }
        }
        return null;
    }
}

/// <summary>What the checks need of an epoch. Meaning and units: the columns of the same names in <see cref="AccuracyRow"/>.</summary>
internal sealed record EpochFigures(
    int Epoch, long Line, double TrainLoss, int TrainCorrect, double TestLoss, int TestCorrect, double TestAccuracyFraction, double TrainTimeS, double EvaluationTimeS,
    double? EnergyJ, string EnergySource, int TestTotal, double? TestBalancedAccuracyFraction);
