using System.Globalization;
using System.Text.RegularExpressions;
using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Features;

/// <summary>Features that were extracted once, kept in a folder for later runs.</summary>
/// <remarks>
/// A file is found by the hash of all that decides its bits (<see cref="FeatureKey"/>), written whole or not at all, and checked
/// whenever it is read. Several processes may share the folder: of two that extract the same features one keeps them, and who
/// finds a file gone extracts them. What a file cannot give is extracted, and what a folder cannot take is not kept; both are said.
/// </remarks>
/// <param name="folder">Need not exist yet.</param>
/// <param name="environment">As in <see cref="FeatureKey.Of"/>.</param>
/// <param name="says">Gets a line for the user at everything that happens.</param>
/// <param name="mostBytes">Size of all files together, above which those used longest ago go; 1 or more.</param>
public sealed partial class FeatureCache(string folder, string environment, Action<string> says, long mostBytes = FeatureCache.DefaultMostBytes)
{
    /// <summary>The sub-folder of the user's cache.</summary>
    public const string FolderName = "features";

    /// <summary>10 GB: a hundred times the features of CIFAR-10's 50,000 images (512 numbers of 4 bytes each, 0.1 GB).</summary>
    public const long DefaultMostBytes = 10_000_000_000;

    private static readonly TimeSpan crashedAfter = TimeSpan.FromDays(1);   // no write takes as long

    /// <summary>As in <see cref="FeatureKey.Of"/>.</summary>
    public string Environment => environment;

    /// <summary>Reads features that were kept.</summary>
    /// <param name="key">Of what is wanted.</param>
    /// <param name="device">Where they go.</param>
    /// <returns>
    /// float32 [N, F], the bits that were kept, for the caller to dispose; null where there are none, or none that can be relied
    /// upon: such a file is removed.
    /// </returns>
    public Tensor? Find(FeatureKey key, Device device)
    {
        var path = PathOf(key);
        if (!File.Exists(path))
            return null;
        try
        {
            using var scope = NewDisposeScope();
            var features = FeatureFile.Read(path, key).to(device).MoveToOuterDisposeScope();
            Touch(path);
            says(string.Create(CultureInfo.InvariantCulture, $"features of {key.Images} images: read from disk"));
            return features;
        }
        // Another process needed room between the two looks.
        catch (UserErrorException e) when (e.InnerException is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UserErrorException e)
        {
            says($"features on disk are not used, but removed and extracted again: '{path}': {e.Message}");
            if (TryRemove(path) is { } reason)
                says($"'{path}' cannot be removed: {reason}");
            return null;
        }
    }

    /// <summary>Keeps features; a failure costs nothing but the next extraction, and is said.</summary>
    /// <param name="key">Of the features.</param>
    /// <param name="features">float32 [N, F] as the key says; not owned.</param>
    public void Keep(FeatureKey key, Tensor features)
    {
        if (features.dtype != ScalarType.Float32 || !features.shape.SequenceEqual([key.Images, key.FeatureCount]))
            throw new ArgumentException($"Features are {features.dtype} [{string.Join(", ", features.shape)}]; float32 [{key.Images}, {key.FeatureCount}] is needed.", nameof(features));
        var (path, bytes) = (PathOf(key), features.numel() * sizeof(float));
        var extracted = string.Create(CultureInfo.InvariantCulture, $"features of {key.Images} images: extracted");
        if (bytes > Math.Min(mostBytes, FeatureFile.LargestBytes))
        {
            says(string.Create(CultureInfo.InvariantCulture, $"{extracted}, not kept: {bytes} bytes, {Math.Min(mostBytes, FeatureFile.LargestBytes)} are the most"));
            return;
        }
        try
        {
            Directory.CreateDirectory(folder);
            MakeRoom(bytes);
            // Another process may have kept the same meanwhile, and somebody may be reading it.
            if (!File.Exists(path))
                FeatureFile.Write(path, key, features);
            says($"{extracted}, kept on disk");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            says($"{extracted}, not kept: {e.Message}");
        }
    }

    private string PathOf(FeatureKey key) => Path.Combine(folder, $"features-{key.Sha256}.safetensors");

    /// <summary>Removes what crashes have left, and the files used longest ago, until there is room for a new one.</summary>
    private void MakeRoom(long bytes)
    {
        // Only names that this class gives: the folder may be the user's own.
        var ours = new DirectoryInfo(folder).EnumerateFiles().Where(file => OwnName().IsMatch(file.Name)).ToList();
        foreach (var file in ours.Where(file => file.Name.EndsWith(AtomicFile.TemporaryEnd, StringComparison.Ordinal) && DateTime.UtcNow - file.LastWriteTimeUtc > crashedAfter))
            TryRemove(file.FullName);
        var kept = ours.Where(file => !file.Name.EndsWith(AtomicFile.TemporaryEnd, StringComparison.Ordinal)).OrderBy(file => file.LastWriteTimeUtc).ToList();
        var sizes = kept.ToDictionary(file => file, SizeOf);
        var total = bytes + sizes.Values.Sum();
        var removed = 0;
        foreach (var file in kept.TakeWhile(_ => total > mostBytes))
        {
            // On Windows a file that is being read stays.
            if (TryRemove(file.FullName) is not null)
                continue;
            total -= sizes[file];
            removed++;
        }
        if (removed > 0)
            says(string.Create(CultureInfo.InvariantCulture, $"features on disk: removed {removed} of {kept.Count} files, those used longest ago, to stay below {mostBytes} bytes"));
    }

    // A file that another process has removed since the folder was listed takes no room.
    private static long SizeOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    // A file's access time is not kept on most Linux systems: the time of the last write is made that of the last use.
    private static void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Removed by another process, or not ours to change: it was read all the same, and only goes earlier.
        }
    }

    /// <returns>Why it is still there; null where it is gone.</returns>
    private static string? TryRemove(string path)
    {
        try
        {
            File.Delete(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    [GeneratedRegex(@"^features-[0-9a-f]{64}\.safetensors(\..+\.tmp)?$")]
    private static partial Regex OwnName();
}
