using FreezeBench.Accuracy.Runs;
using FreezeBench.Results.Rows;

namespace FreezeBench.Accuracy.Tests.Runs;

/// <summary>Calls a test back where something happens to a run.</summary>
internal sealed class Watcher : IRunReporter
{
    internal Action<int> OnStep { get; init; } = _ => { };

    internal Action<AccuracyRow> OnEpoch { get; init; } = _ => { };

    /// <summary>Epochs that were done before, for each run that began.</summary>
    internal List<int> Begun { get; } = [];

    /// <summary>Epochs that were shown.</summary>
    internal List<int> Shown { get; } = [];

    /// <summary>Lines beside the rows.</summary>
    internal List<string> Said { get; } = [];

    public void BatchLowered(PlannedRun run, int asked, int used)
    {
    }

    public void Begins(PlannedRun run, int number, int count, int epochsDone) => Begun.Add(epochsDone);

    public void StepEnded(int done, int steps) => OnStep(done);

    public void Says(string line) => Said.Add(line);

    public void EpochEnded(AccuracyRow row)
    {
        Shown.Add(row.Epoch);
        OnEpoch(row);
    }

    public void Ends(RunRow row)
    {
    }
}
