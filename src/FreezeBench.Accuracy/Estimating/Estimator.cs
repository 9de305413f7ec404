using FreezeBench.Accuracy.Options;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Downloads;
using FreezeBench.Fitting;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Spectre.Console;
using TorchSharp;

namespace FreezeBench.Accuracy.Estimating;

/// <summary>Predicts a command instead of running it, and says what the prediction rests on.</summary>
/// <param name="settings">Of the command.</param>
/// <param name="session">With the device.</param>
/// <param name="output">The answer.</param>
public sealed class Estimator(AccuracySettings settings, RunSession session, IAnsiConsole output)
{
    /// <summary>Predicts.</summary>
    /// <param name="environmentId">Whose rows it is from; null: this device is measured.</param>
    /// <param name="progress">Of what is read.</param>
    /// <param name="stop">Ends the reading, and the measurement.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    /// <exception cref="UserErrorException">Images cannot be read, no row tells, or a batch does not fit.</exception>
    public void Run(string? environmentId, IDownloadProgress progress, CancellationToken stop)
    {
        // What needs no image is refused before there are any.
        var environment = environmentId is null ? null : Environment(environmentId);
        // Times depend on the images' shape; nobody is to download a data set to learn how long it will take.
        var shape = settings.DataDirectory is null ? AccuracyData.ShapeOf(settings.Dataset) : null;
        if (shape is not null && settings.Classes.FirstOrDefault(classes => classes is { First: 0 }) is { } named)
            throw new UserErrorException($"--classes is '{named.Text}', and without its files the classes of {settings.Dataset} have no names. Give --data-dir, or with --estimate a number of classes.");
        var standIn = shape is not { } known ? null : environment is null ? AccuracyData.StandIn(known, session.Device.ToTorch()) : AccuracyData.Unseen(settings.Dataset, known);
        using var data = standIn ?? AccuracyData.Load(settings, session.Device.ToTorch(), progress, stop, session.FreeGpuMemoryBytes);
        var resolutionPx = settings.ResolutionOf(data.Training);
        RunRefusals.ThrowIfNoSuchClass(settings, data);
        RunRefusals.ThrowIfAny(settings, data, session);
        if (environment is not null)
            FromRows(environment, data, resolutionPx);
        else
            Measured(data, resolutionPx, stop);
        Memory(data, resolutionPx, measured: environmentId is null);
        if (shape is not null)
            Say(environment is null ? $"No image of {settings.Dataset} was read: noise of its number and shape stood in." : $"No image of {settings.Dataset} was read: their number and shape are known.");
        if (settings.Heads.Any(head => head != HeadKind.Sgd) && settings.Strategies.Any(strategy => strategy.LastPolicy.CachesFeatures))
        {
            Say(environmentId is null
                ? "A head that is not trained in steps was found once, on the first images' features, and its time grown with their number: on all of them its search may be longer or shorter."
                : "Finding a head that is not trained in steps is not in it: benchmark rows time none.");
        }
        if (settings.Target is not null)
            Say("--target ends runs sooner; this is the time without it.");
        if (environmentId is null && session.Device.Type == DeviceType.CPU)
            OneGpu(data, resolutionPx);
        Say("Nothing was trained.");
    }

    private void Measured(AccuracyData data, int resolutionPx, CancellationToken stop)
    {
        var others = new OtherLoad();
        var measurement = new CostMeasurement(settings, session, data, stop);
        Write(CommandEstimate.Of(settings, data, measurement.Of, measurement.OfHead));
        Say($"Rests on steps of batch {Numbers.Count(settings.BatchSize)}, evaluations and extractions at {Numbers.Count(resolutionPx)} px of each policy, measured now on {session.Device.Description}, and on the number of images. "
            + "Starting the program, reading images and weights, and writing rows and checkpoints are not in it, some seconds. It holds as long as the machine is as busy as now.");
        if (others.BusyCores() is { } busy && OtherLoad.IsTooMuch(busy))
            Say($"Other programs kept {Numbers.Significant(busy, 2)} cores busy meanwhile: without them it takes less, with more of them more, by a factor of 2 either way.");
    }

    private void FromRows(EnvironmentResults environment, AccuracyData data, int resolutionPx)
    {
        var costs = new RowCosts(environment, settings, session.AskedPrecision, data.Training.Classes, resolutionPx);
        Write(CommandEstimate.Of(settings, data, costs.Of));
        Say($"Rests on rows of {environment.Environment.Id} ({EnvironmentName.Of(environment.Environment)}): {string.Join("; ", costs.Used)}. The factors are of floating-point operations counted: sizes that were measured are as sure as their rows, others within a factor of 2 or so, as a device's speed depends on the size.");
    }

    private void OneGpu(AccuracyData data, int resolutionPx)
    {
        var known = KnownEnvironments().Where(environment => environment.Environment.Torch.UsesGpu && RowCosts.CanTell(environment, settings.Network)).ToList();
        if (known is [var gpu, ..])
        {
            var costs = new RowCosts(gpu, settings, session.AskedPrecision, data.Training.Classes, resolutionPx);
            Say($"On a GPU, {EnvironmentName.Of(gpu.Environment)}: {EstimateText.Time(CommandEstimate.Of(settings, data, costs.Of).TotalS)} for all, by rows of {gpu.Environment.Id} ({string.Join("; ", costs.Used)}); within a factor of 2 or so.");
            return;
        }
        var assumed = new AssumedCosts(settings, data.Training.Classes, resolutionPx);
        Say($"On one GPU: {session.ResultsFolder} has no row of one, so this is an assumption and no measurement: at {Numbers.Count((long)(AssumedCosts.FlopsPerS / 1e12))} TFLOP/s sustained, and at least {Numbers.Count((long)(AssumedCosts.LeastS * 1000))} ms a step, all takes {EstimateText.Time(CommandEstimate.Of(settings, data, (_, policy) => assumed.Of(policy)).TotalS)}. "
            + "Half the rate is twice the time: a small GPU sustains a third of it, a large one in TF32 or bf16 several times as much. Its memory holds the peak above, the images, and 1 to 2 GiB of driver and cuDNN.");
    }

    private void Memory(AccuracyData data, int resolutionPx, bool measured)
    {
        var policies = settings.Strategies.SelectMany(strategy => strategy.Phases(2)).Select(phase => phase.Policy).DistinctBy(policy => policy.Name).ToList();
        var peaks = policies.Select(policy => $"{policy.Name} {Numbers.Bytes(new MemoryModel(settings.Network, data.Training.Classes, policy, resolutionPx, settings.RecipeFor(policy).Optimizer, session.Precision.Name).PeakBytes(Math.Min(settings.BatchSize, data.Training.Count)))}");
        Say($"Peak memory of a step or evaluation, by the shapes of the layers, beside program and images: {string.Join(", ", peaks)}.");
        if (measured && session.Device.Type == DeviceType.CPU && HostMemory.PeakBytes() is { } peak)
            Say($"This program took {Numbers.Bytes(peak)} at most while it measured, images and libtorch included{(DeviceMemory.OfHost() is { } host ? $"; the machine has {Numbers.Bytes(host.TotalBytes)}" : "")}.");
    }

    private EnvironmentResults Environment(string id)
    {
        var known = KnownEnvironments();
        var found = known.FirstOrDefault(environment => environment.Environment.Id == id)
            ?? throw new UserErrorException($"--estimate-for is '{ForeignText.Shown(id)}'; {session.ResultsFolder} has {(known is [] ? "no environment" : string.Join(", ", known.Select(environment => environment.Environment.Id)))}.");
        return RowCosts.CanTell(found, settings.Network) ? found : throw new UserErrorException($"--estimate-for is '{id}', which has no undisturbed row of a step or an epoch of {settings.Network.Name}. Leave it out to measure this device.");
    }

    private IReadOnlyList<EnvironmentResults> KnownEnvironments() =>
        Directory.Exists(session.ResultsFolder) && Directory.EnumerateDirectories(session.ResultsFolder).Any() ? CheckedResults.Load(session.ResultsFolder).Environments : [];

    private void Write(CommandEstimate estimate)
    {
        foreach (var line in EstimateText.Lines(estimate))
            output.Profile.Out.Writer.WriteLine(line);
    }

    private void Say(string text)
    {
        foreach (var line in EstimateText.Wrapped(text))
            output.Profile.Out.Writer.WriteLine(line);
    }
}
