using System.Globalization;
using System.Text;
using FreezeBench.Networks;
using FreezeBench.Results;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Loading;
using FreezeBench.Weights.Safetensors;
using FreezeBench.Weights.Tensors;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>
/// The file between two parts of a run: a safetensors file with the network's state dict under <c>network.</c>, low-rank adapters under
/// <c>adapters.</c>, the optimizer's state under <c>optimizer.</c>, the gradient scaler's under <c>scaler.</c> where there is one, and metadata
/// that tell whose it is.
/// </summary>
/// <param name="options">Of the run.</param>
/// <param name="epochsDone">When it is written.</param>
internal sealed class Checkpoint(TrainingRunOptions options, int epochsDone)
{
    private const string NetworkPrefix = "network.";
    private const string AdapterPrefix = "adapters.";
    private const string OptimizerPrefix = "optimizer.";
    private const string ScalerPrefix = "scaler.";
    private const string HashName = "sha256";
    private const string EpochsDoneName = "epochs_done";
    private const string FormatName = "format";
    private const string Format = "freezebench-checkpoint-2";   // the number goes up when an old file can no longer be read
    private const string NextStep = "Delete it to train this run from its first epoch.";

    // In the order in which a difference is worth telling.
    private readonly (string Name, string Value)[] identity =
    [
        ("strategy", options.Strategy.Name),
        ("seed", options.Seed.ToString(CultureInfo.InvariantCulture)),
        ("epochs", options.Epochs.ToString(CultureInfo.InvariantCulture)),
        ("precision", options.Precision.Name),
        ("fingerprint", options.Fingerprint),
    ];

    /// <param name="path">Replaced as a whole.</param>
    /// <param name="network">Its parameters and buffers.</param>
    /// <param name="trainer">Whose adapters belong to the network.</param>
    /// <param name="inMidPhase">Whether its optimizer and scaler are in the middle of their work.</param>
    /// <param name="replace">Gets each tensor, and gives the one to write; null: they are written as they are.</param>
    public void Write(string path, INetwork network, Trainer trainer, bool inMidPhase, Func<KeyValuePair<string, Tensor>, KeyValuePair<string, Tensor>>? replace = null)
    {
        using var scope = NewDisposeScope();
        var metadata = identity.ToDictionary(item => item.Name, item => item.Value);
        metadata.Add(FormatName, Format);
        metadata.Add(EpochsDoneName, epochsDone.ToString(CultureInfo.InvariantCulture));
        List<KeyValuePair<string, Tensor>> tensors = [.. network.Module.state_dict().Select(item => KeyValuePair.Create(NetworkPrefix + item.Key, item.Value))];
        tensors.AddRange(trainer.Network.AdapterParameters.Select(item => KeyValuePair.Create(AdapterPrefix + item.Key, (Tensor)item.Value)));
        if (inMidPhase)
            tensors.AddRange(trainer.Optimizer.State.Select(item => KeyValuePair.Create(OptimizerPrefix + item.Key, item.Value)));
        if (inMidPhase && trainer.Scaler is { } scaler)
            tensors.AddRange(scaler.State.Select(item => KeyValuePair.Create(ScalerPrefix + item.Key, item.Value)));
        if (replace is not null)
            tensors = tensors.ConvertAll(tensor => replace(tensor));
        metadata.Add(HashName, Hash(metadata, tensors));
        try
        {
            SafetensorsWriter.Write(path, tensors, metadata);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The checkpoint '{path}' cannot be written: {e.Message} Make room for it or choose another folder.", e);
        }
    }

    /// <summary>Reads a checkpoint of any run and checks it to the last bit.</summary>
    /// <exception cref="UserErrorException">It is not one, or it is damaged.</exception>
    public static StateDictFile Read(string path)
    {
        StateDictFile file;
        try
        {
            file = StateDictFile.Read(path);
        }
        catch (UserErrorException e)
        {
            throw new UserErrorException($"The checkpoint '{path}' cannot be restored. {e.Message}\n{NextStep}", e);
        }
        if (file.Metadata.GetValueOrDefault(FormatName) != Format)
            throw Refused(path, "it is no checkpoint that this version reads.");
        using var scope = NewDisposeScope();
        if (file.Metadata.GetValueOrDefault(HashName) != Hash(file.Metadata, file.Entries.Select(entry => KeyValuePair.Create(entry.Name, entry.ToTensor()))))
            throw Refused(path, "it is damaged: its content has another SHA-256 than it had when it was written.");
        return file;
    }

    /// <summary>Checks that a checkpoint belongs to the run.</summary>
    /// <returns>Epochs that it has done.</returns>
    /// <exception cref="UserErrorException">It belongs to another run; the first difference is named.</exception>
    public int EpochsOf(StateDictFile file)
    {
        foreach (var (name, value) in identity)
            if (file.Metadata.GetValueOrDefault(name) is var found && found != value)
                throw Refused(file.Path, $"it belongs to another run: its {name} is '{found}', and this run's is '{value}'.");
        return int.TryParse(file.Metadata.GetValueOrDefault(EpochsDoneName), NumberStyles.None, CultureInfo.InvariantCulture, out var done) && done <= options.Epochs
            ? done
            : throw Refused(file.Path, $"its {EpochsDoneName} is none of 0 to {options.Epochs}.");
    }

    /// <summary>Copies a checkpoint into a network, its optimizer and its gradient scaler.</summary>
    /// <exception cref="UserErrorException">Network or optimizer are others than those that it was written from.</exception>
    public static void Load(StateDictFile file, INetwork network, Trainer trainer)
    {
        using var scope = NewDisposeScope();
        // Of the optimizer and the adapters too: a moment that is NaN makes NaN of the weight at the next step.
        if (file.Entries.Select(entry => WeightValues.FaultOf(entry.Name, entry.ToTensor())).OfType<string>().ToList() is { Count: > 0 } faults)
            throw Refused(file.Path, $"it holds what no sound training has: {Shown.List(faults)}.");
        try
        {
            var loaded = StateDictLoader.Load(network.Module, file with { Entries = Under(file, NetworkPrefix) }, network.HeadName);
            if (loaded.HeadIsFresh)
                throw new UserErrorException("Its head has another number of classes.");
            RestoreAdapters(trainer.Network.AdapterParameters, Under(file, AdapterPrefix));
            trainer.Optimizer.Restore(Under(file, OptimizerPrefix).ToDictionary(entry => entry.Name, entry => entry.ToTensor()));
            trainer.Scaler?.Restore(Under(file, ScalerPrefix).ToDictionary(entry => entry.Name, entry => entry.ToTensor()));
        }
        catch (Exception e) when (e is UserErrorException or ArgumentException)
        {
            throw Refused(file.Path, $"it was written by another kind of run. {e.Message}", e);
        }
    }

    private static void RestoreAdapters(IReadOnlyList<KeyValuePair<string, TorchSharp.Modules.Parameter>> adapters, List<TensorEntry> entries)
    {
        using var noGrad = no_grad();
        if (entries.Count != adapters.Count)
            throw new UserErrorException($"It has {entries.Count} tensors of adapters, and this run has {adapters.Count}.");
        var named = entries.ToDictionary(entry => entry.Name);
        foreach (var (name, parameter) in adapters)
            if (named.TryGetValue(name, out var entry) && entry.Shape.SequenceEqual(parameter.shape))
                parameter.copy_(entry.ToTensor());
            else
                throw new UserErrorException($"Its adapters have no {name} of the right shape.");
    }

    private static List<TensorEntry> Under(StateDictFile file, string prefix) =>
        [.. file.Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(entry => entry with { Name = entry.Name[prefix.Length..] })];

    private static UserErrorException Refused(string path, string why, Exception? inner = null) =>
        new($"The checkpoint '{path}' cannot be restored: {why} {NextStep}", inner);

    /// <summary>Over the metadata in the order of their names, but for the hash itself, and over names and bytes of the tensors.</summary>
    private static string Hash(IReadOnlyDictionary<string, string> metadata, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var hash = new Results.Sha256();
        foreach (var (name, value) in metadata.Where(item => item.Key != HashName).OrderBy(item => item.Key, StringComparer.Ordinal))
            hash.Append(Encoding.UTF8.GetBytes($"{name}\0{value}\0"));
        foreach (var (name, value) in tensors)
        {
            hash.Append(Encoding.UTF8.GetBytes(name + "\0"));
            StateDictHash.Append(hash, value);
        }
        return Convert.ToHexStringLower(hash.Finish());
    }
}
