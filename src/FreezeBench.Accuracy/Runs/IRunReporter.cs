using FreezeBench.Results.Rows;

namespace FreezeBench.Accuracy.Runs;

/// <summary>Shows the user how training goes on.</summary>
public interface IRunReporter
{
    /// <summary>The batches of the run that begins next are smaller than asked for, since those did not fit; told once.</summary>
    /// <param name="run">Which.</param>
    /// <param name="asked">Images per step that were asked for.</param>
    /// <param name="used">Images per step.</param>
    void BatchLowered(PlannedRun run, int asked, int used);

    /// <summary>A run begins, or goes on.</summary>
    /// <param name="run">Which.</param>
    /// <param name="number">1 for the command's first.</param>
    /// <param name="count">Runs of the command.</param>
    /// <param name="epochsDone">Epochs that were trained before an interruption.</param>
    void Begins(PlannedRun run, int number, int count, int epochsDone);

    /// <summary>A training step ended; often, so it must return at once.</summary>
    /// <param name="done">1 for the epoch's first.</param>
    /// <param name="steps">Of the epoch.</param>
    void StepEnded(int done, int steps);

    /// <summary>Something that the user should know of happened meanwhile.</summary>
    /// <param name="line">One line.</param>
    void Says(string line);

    /// <summary>An epoch ended and its row is on disk.</summary>
    void EpochEnded(AccuracyRow row);

    /// <summary>The run is over.</summary>
    void Ends(RunRow row);
}
