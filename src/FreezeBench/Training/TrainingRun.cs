using FreezeBench.Networks;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Weights.Loading;

namespace FreezeBench.Training;

/// <summary>One strategy with one seed on one data set, epoch by epoch; it can be saved after each and go on elsewhere.</summary>
/// <remarks>
/// A run draws random numbers from its own seed alone: on the CPU, with the same number of threads, it comes to the same bits
/// whatever ran before it in the process, and whether it was stopped and restored or not.
/// </remarks>
public sealed class TrainingRun : IDisposable
{
    private readonly TrainingRunOptions options;
    private readonly IReadOnlyList<TrainingPhase> phases;
    private readonly INetwork network;
    private RunPhase phase;
    private bool broken;

    /// <summary>Builds the network and its first phase; nothing is trained yet.</summary>
    /// <exception cref="UserErrorException">
    /// The weights do not fit the network, its steps would have one image where BatchNorm needs more, the epochs are too few for the strategy, or a recipe is out of range or does not go
    /// with its policy.
    /// </exception>
    public TrainingRun(TrainingRunOptions options)
    {
        this.options = options;
        phases = options.Strategy.Phases(options.Epochs, options.ProbeEpochs, options.UnfreezeEvery is { } every ? new Unfreezing(every, options.Network.StageNames) : null);
        if (options.Head != HeadKind.Sgd && (options.Epochs != 1 || !options.Strategy.LastPolicy.CachesFeatures))
            throw new UserErrorException($"‹head› {options.Head.Word()} is found once on cached features: it takes policy {Freezing.FreezingPolicy.FrozenCached.Name} and 1 epoch, not {options.Strategy.Name} and {options.Epochs}.");
        LoneImage.ThrowIfNormalised(options.Network, phases.Select(phase => phase.Policy), options.Training.Classes, options.ResolutionPx, options.Training.Count, options.BatchSize);
        network = InitialNetwork.Create(options.Network, options.Training.Classes, options.ResolutionPx, options.Kernels, options.Training.Device, options.MemoryFormat, options.Seed, options.Weights);
        try
        {
            phase = Begin(0);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Epochs that are trained and evaluated, those before a restore included.</summary>
    public int EpochsDone { get; private set; }

    /// <summary>How much of the network trains under the policy in force.</summary>
    public ParameterCounts Counts => phase.Trainer.Network.Counts;

    /// <summary>Whether no epoch is left.</summary>
    public bool Finished => EpochsDone == options.Epochs;

    /// <summary>Trains the next epoch and evaluates it.</summary>
    /// <param name="stepEnded">Gets the number of steps that the epoch has done, 1 for the first, and of all its steps.</param>
    /// <param name="cancellation">Looked at before every step and before every batch of an extraction or evaluation.</param>
    /// <exception cref="InvalidOperationException">The run is finished, or an epoch of it was cut off.</exception>
    /// <exception cref="UserErrorException">The weights that were loaded make class scores of the images that are not finite, or the same for all.</exception>
    /// <exception cref="OperationCanceledException">
    /// It was cancelled. The weights may be those of half an epoch, so this run neither goes on nor is saved: restore its last
    /// checkpoint into a new one.
    /// </exception>
    public EpochOutcome NextEpoch(Action<int, int>? stepEnded = null, CancellationToken cancellation = default)
    {
        ThrowIfBroken();
        if (Finished)
            throw new InvalidOperationException($"All {options.Epochs} epochs are done.");
        broken = true;
        if (EpochsDone == phase.End)
            Replace(EpochsDone, goesOn: ContinuesAt(EpochsDone));
        if (EpochsDone == 0 && options.Weights is { } weights)
            SoundScores.ThrowIfBroken(phase.Trainer, weights);
        var outcome = phase.Train(EpochsDone, stepEnded, cancellation);
        EpochsDone++;
        broken = false;
        return outcome;
    }

    /// <summary>SHA-256 over all parameters and buffers, and those of adapters (<see cref="StateDictHash.Sha256"/>): equal only where all bits are.</summary>
    public string WeightsSha256() => StateDictHash.Sha256(network.Module, phase.Trainer.Network.AdapterParameters.Select(item => KeyValuePair.Create<string, TorchSharp.torch.Tensor>(item.Key, item.Value)));

    /// <summary>Writes a checkpoint; a crash leaves the old file or the new one.</summary>
    /// <remarks>
    /// Network, optimizer, gradient scaler and number of epochs. Not the cached features: they are fetched again: from the feature cache, or from a
    /// backbone that has not changed, and on the CPU to the same bits.
    /// </remarks>
    /// <param name="path">Replaced if it is there; its folder exists.</param>
    /// <exception cref="InvalidOperationException">An epoch was cut off.</exception>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public void Save(string path) => Save(path, null);

    /// <summary>The same with other tensors in the place of the run's, for tests of what may be restored.</summary>
    internal void Save(string path, Func<KeyValuePair<string, TorchSharp.torch.Tensor>, KeyValuePair<string, TorchSharp.torch.Tensor>>? replace)
    {
        ThrowIfBroken();
        // At the end of a phase its optimizer and scaler have done their work, where the next phase begins with its own.
        new Checkpoint(options, EpochsDone).Write(path, network, phase.Trainer, inMidPhase: EpochsDone < phase.End || ContinuesAt(EpochsDone), replace);
    }

    /// <summary>Takes back a checkpoint of a run with the same options; call it first of all.</summary>
    /// <exception cref="InvalidOperationException">The run has trained or was restored already.</exception>
    /// <exception cref="UserErrorException">
    /// The file cannot be read, is damaged, or belongs to another run; the run cannot be used then.
    /// </exception>
    public void Restore(string path)
    {
        ThrowIfBroken();
        if (EpochsDone > 0)
            throw new InvalidOperationException("A checkpoint is restored into a new run, before its first epoch.");
        broken = true;
        var file = Checkpoint.Read(path);
        var done = new Checkpoint(options, 0).EpochsOf(file);
        // The phase that the optimizer's state belongs to. Where it is the first, it keeps the BatchNorm statistics that it
        // began with, and the drift is still counted from there.
        if (done > phase.End || (done == phase.End && done < options.Epochs && !ContinuesAt(done)))
            Replace(ContinuesAt(done) ? done - 1 : done);
        Checkpoint.Load(file, network, phase.Trainer);
        (EpochsDone, broken) = (done, false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        phase.Dispose();
        network.Dispose();
    }

    private void Replace(int epochsDone, bool goesOn = false)
    {
        if (!goesOn)
            phase.Dispose();
        var next = Begin(epochsDone, goesOn ? phase : null);
        if (goesOn)
            phase.Dispose();
        phase = next;
    }

    /// <summary>The phase that trains the epoch of this number; after the last epoch the last phase.</summary>
    private RunPhase Begin(int epoch, RunPhase? before = null)
    {
        var (current, first) = PhaseOf(epoch);
        return new RunPhase(options, network, current, first, before);
    }

    private (TrainingPhase Phase, int First) PhaseOf(int epoch)
    {
        var (index, first) = (0, 0);
        while (index < phases.Count - 1 && epoch >= first + phases[index].Epochs)
            first += phases[index++].Epochs;
        return (phases[index], first);
    }

    /// <summary>Whether a phase begins with the epoch of this number that goes on with the optimizer of the one before.</summary>
    private bool ContinuesAt(int epoch) => epoch < options.Epochs && PhaseOf(epoch) is { Phase.Continues: true, First: var first } && first == epoch;

    private void ThrowIfBroken()
    {
        if (broken)
            throw new InvalidOperationException("An epoch or a restore of this run was cut off: its weights are of no whole epoch. Begin a new run, and restore the last checkpoint.");
    }
}
