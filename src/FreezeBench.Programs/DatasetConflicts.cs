using FreezeBench.Images.Folders;
using FreezeBench.Images.Formats;

namespace FreezeBench.Programs;

/// <summary>A data set and a folder that do not go together.</summary>
public static class DatasetConflicts
{
    /// <summary>A message for each conflict.</summary>
    /// <param name="dataset">Value of <c>--dataset</c>.</param>
    /// <param name="dataDirectory">Value of <c>--data-dir</c>, if given.</param>
    public static IEnumerable<string> Find(string dataset, string? dataDirectory)
    {
        if (dataset == CifarFiles.Name && dataDirectory is null)
            yield return "--dataset cifar10 needs --data-dir, the folder of the unpacked binary version (cifar-10-batches-bin).";
        if (dataDirectory is not null && FolderLabel.FolderOf(dataset) is { } folder)
            yield return $"--data-dir is '{dataDirectory}', but --dataset {ImageFolder.Prefix}{folder} names its folder itself; leave --data-dir out.";
        if (dataset == SyntheticImages.Name && dataDirectory is not null)
            yield return $"--data-dir is '{dataDirectory}', but --dataset synthetic reads no files; pass --dataset cifar10 to use them.";
    }
}
