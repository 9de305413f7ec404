using FreezeBench.Images.Catalog;
using FreezeBench.Images.Folders;
using FreezeBench.Programs;

namespace FreezeBench.Accuracy.Options;

/// <summary>What <c>--dataset</c> takes: the sets known by name, and folders of the user's own images.</summary>
public static class DatasetNames
{
    /// <summary>For help texts and messages.</summary>
    public const string Valid = $"{DataSetCatalog.ValidNames}, {AntsBees.Name}, {ImageFolder.Prefix}PATH";

    /// <summary>Whether the runner can load it.</summary>
    public static bool IsValid(string name) => DataSetCatalog.IsValid(name) || name == AntsBees.Name || FolderOf(name) is { Length: > 0 };

    /// <summary>The path in <c>imagefolder:PATH</c>; null for the sets known by name.</summary>
    public static string? FolderOf(string name) => FolderLabel.FolderOf(name);

    /// <summary>What rows call a set where the user gives no label: no path of his machine in a committed file.</summary>
    /// <param name="name">Value of <c>--dataset</c>.</param>
    /// <param name="split">How it is divided; null: it is as it is.</param>
    public static string LabelOf(string name, FolderSplit? split = null) => FolderLabel.Of(name) + (split is null ? "" : $"-split-{split.Text}");

    /// <summary>A message for each option that does not go with the set.</summary>
    public static IEnumerable<string> Conflicts(string dataset, string? dataDirectory, bool skipUnreadable, FolderSplit? split = null)
    {
        if (split is not null && FolderOf(dataset) is null)
            yield return $"--split divides a folder of classes of your own; --dataset is {dataset}, which has its parts already.";
        // Without a folder a data set is looked for here, or downloaded; the benchmarks refuse that.
        if (dataDirectory is not null)
            foreach (var conflict in DatasetConflicts.Find(dataset, dataDirectory))
                yield return conflict;
        if (skipUnreadable && FolderOf(dataset) is null && dataset != AntsBees.Name)
            yield return $"--skip-unreadable is for folders of images; --dataset is {dataset}.";
    }
}
