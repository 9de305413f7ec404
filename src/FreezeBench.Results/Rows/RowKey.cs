namespace FreezeBench.Results.Rows;

/// <summary>What names a row within its file: two rows of one key are the same row twice, or contradict each other.</summary>
/// <param name="Owner">The case (<see cref="CaseKey"/>) or the training run (<see cref="TrainingRunKey"/>) of the row; of a remark the run and the word; of a round of ML.NET the run; of a class the run and its epoch.</param>
/// <param name="Index">Sample index, epoch, round, label, or resumptions of a run's end; 0 in benchmarks.csv and remarks.csv.</param>
public sealed record RowKey(object Owner, int Index)
{
    /// <summary>The key of a row.</summary>
    /// <exception cref="ArgumentException">It is of no known file.</exception>
    public static RowKey Of(IResultRow row) => row switch
    {
        BenchmarkRow benchmark => new RowKey(CaseKey.Of(benchmark), 0),
        SampleRow sample => new RowKey(CaseKey.Of(sample), sample.SampleIndex),
        AccuracyRow epoch => new RowKey(TrainingRunKey.Of(epoch), epoch.Epoch),
        // Each session of a run ends once, and taking the run up again starts the next session.
        RunRow end => new RowKey(TrainingRunKey.Of(end), end.Resumptions),
        MlNetRow round => new RowKey(round.RunId, round.Round),
        RemarkRow remark => new RowKey((remark.RunId, remark.Remark), 0),
        ClassRow name => new RowKey((name.RunId, name.ClassSelection), name.Label),
        PerClassRow result => new RowKey((TrainingRunKey.Of(result), result.Epoch), result.Label),
        _ => throw new ArgumentException($"{row?.GetType().Name ?? "null"} is the row of no file.", nameof(row)),
    };
}
