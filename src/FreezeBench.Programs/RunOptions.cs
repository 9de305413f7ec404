using System.CommandLine;
using FreezeBench.Freezing;
using FreezeBench.Images.Folders;
using FreezeBench.Images.Formats;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Results;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;

namespace FreezeBench.Programs;

/// <summary>The options that benchmarks and accuracy runs share: one name, one check and one text for both programs.</summary>
public sealed class RunOptions
{
    /// <summary>Valid values of <c>--dataset</c> in the benchmarks.</summary>
    public const string ValidDatasets = $"{SyntheticImages.Name}, {CifarFiles.Name}, {ImageFolder.Prefix}PATH";

    /// <summary>Where the work runs. Resolved later: only then is it known what libtorch can do here.</summary>
    public Option<string?> Device { get; } = OptionFactory.Parsed<string>(
        "--device", $"Where to run: {Devices.ValidNames}. Default: {Devices.Default} (a usable CUDA device, else the CPU; it says which).", ParseDevice);

    /// <summary>Architecture.</summary>
    public Option<Network?> Network { get; } =
        OptionFactory.Parsed("--backbone", $"Network: {NetworkCatalog.ValidNames}. Default: {NetworkCatalog.Default.Name}.", NetworkCatalog.Parse);

    /// <summary>Whose layers.</summary>
    public Option<IReadOnlyList<KernelSet>?> Kernels { get; }

    /// <summary>What trains.</summary>
    public Option<IReadOnlyList<FreezingPolicy>?> Policies { get; }

    /// <summary>Image size that the network sees.</summary>
    public Option<long?> Resolution { get; }

    /// <summary>Images per step.</summary>
    public Option<long?> BatchSize { get; }

    /// <summary>Halve the batch size until it fits.</summary>
    public Option<bool> AutoBatch { get; } = new("--auto-batch")
    {
        Description = "Halve --batch-size until training steps and an evaluation fit into the device's memory, tried before anything is measured or trained; rows keep the size "
            + "that was asked for, too. Learning rates stay as they are: they are not scaled with the batch size. Default: a batch that does not fit ends the program.",
    };

    /// <summary>Which images.</summary>
    public Option<string?> Dataset { get; }

    /// <summary>Where the images are.</summary>
    public Option<string?> DataDirectory { get; } = OptionFactory.OfPath(
        "--data-dir", "Folder with the data set's files, or the one above. Default: none; the accuracy runner then looks in the usual place, or downloads.", "folder");

    /// <summary>What the rows call the data set.</summary>
    public Option<string?> DatasetLabel { get; } = OptionFactory.Parsed<string>(
        "--dataset-label", "What the rows call the data set, for a copy that is not the original. Default: its name.", ParseLabel)!;

    /// <summary>CPU threads of one operation.</summary>
    public Option<long?> Threads { get; } = OptionFactory.Whole("--threads", "CPU threads of one torch operation. Default: torch's own choice, a thread per core.", 1, 1024);

    /// <summary>Strides of weights and batches.</summary>
    public Option<MemoryFormat?> MemoryFormat { get; } = OptionFactory.Parsed(
        "--memory-format", $"Memory layout: {FreezeBench.Kernels.MemoryFormat.ValidNames}. Default: contiguous with plain kernels, else the faster on the device.", FreezeBench.Kernels.MemoryFormat.Parse);

    /// <summary>Arithmetic of the network.</summary>
    public Option<Precision?> Precision { get; } = OptionFactory.Parsed(
        "--precision", $"Arithmetic of the network: {Torch.Arithmetic.Precision.ValidNames}. bf16 and fp16 are mixed, as PyTorch's autocast (fp16 with scaled gradients). Default: {Torch.Arithmetic.Precision.DefaultText}.",
        Torch.Arithmetic.Precision.Parse);

    /// <summary>No choice of algorithms by time.</summary>
    public Option<bool> NoCudnnAutotune { get; } = new("--no-cudnn-autotune")
    {
        Description = "On CUDA, do not let cuDNN time its algorithms for each shape and take the fastest. Default: it does, but for deterministic runs.",
    };

    /// <summary>Results folder.</summary>
    public Option<string?> Out { get; } = OptionFactory.OfFolder("--out", "Results folder; the files go to a folder of the machine in it. Default: results.");

    /// <param name="defaultPolicies">For the help text.</param>
    /// <param name="defaultResolution">For the help text.</param>
    /// <param name="defaultBatchSize">For the help text.</param>
    /// <param name="defaultDataset">For the help text.</param>
    /// <param name="validDatasets">For help text and message.</param>
    /// <param name="defaultKernels">For the help text.</param>
    /// <param name="isDataset">Whether a name is one of them; null: <see cref="ValidDatasets"/>.</param>
    public RunOptions(
        string defaultPolicies, string defaultResolution, string defaultBatchSize, string defaultDataset, string defaultKernels, string validDatasets = ValidDatasets, Func<string, bool>? isDataset = null)
    {
        Network.Aliases.Add("--network");
        Kernels = OptionFactory.Parsed(
            "--kernels", $"Whose layers: {KernelChoice.ValidNames}. plain is what your own TorchSharp code costs, fast are FreezeBench's layers. Default: {defaultKernels}.", KernelChoice.Parse);
        isDataset ??= name => name is SyntheticImages.Name or CifarFiles.Name || FolderLabel.FolderOf(name) is { Length: > 0 };
        Policies = OptionFactory.Parsed(
            "--policies", $"Comma-separated: {FreezingPolicy.ValidNames}, or all. Default: {defaultPolicies}.", FreezingPolicy.ParseList);
        // The smallest side that ResNet's five halvings leave a pixel of is 1; 16 keeps a sensible last stage.
        Resolution = OptionFactory.Whole("--resolution", $"Height and width in pixels that the network sees. Default: {defaultResolution}.", 16, 1024);
        BatchSize = OptionFactory.Whole("--batch-size", $"Images per step. Default: {defaultBatchSize}.", 1, 65536);
        Dataset = OptionFactory.Parsed("--dataset", $"Images: {validDatasets}. Default: {defaultDataset}.",
            name => isDataset(name) ? name : throw new UserErrorException($"Unknown data set '{name}'. Valid values: {validDatasets}."));
    }

    /// <summary>Adds every option to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="policies">A program's own option in the place of <see cref="Policies"/>.</param>
    public void AddTo(Command command, Option? policies = null)
    {
        foreach (var option in new[] { Device, Network, Kernels, policies ?? Policies, Dataset, DataDirectory, DatasetLabel, Resolution, BatchSize, AutoBatch, Threads, MemoryFormat, Precision, NoCudnnAutotune, Out })
            command.Add(option);
    }

    private static string ParseDevice(string name) => Devices.IsValidName(name) ? name : throw new UserErrorException(Devices.Unknown(name));

    private static string ParseLabel(string label) =>
        label.Length is > 0 and <= 40 && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? label
            : throw new UserErrorException($"--dataset-label is '{label}'; it must be 1 to 40 lower-case letters, digits and hyphens.");
}
