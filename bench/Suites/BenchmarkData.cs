using FreezeBench.Benchmarks.Settings;
using FreezeBench.Images.Folders;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Programs;
using static TorchSharp.torch;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>The images of an epoch.</summary>
public static class BenchmarkData
{
    /// <summary>Classes of synthetic images: as many as CIFAR-10 has, so that the head costs the same.</summary>
    public const int SyntheticClasses = CifarFiles.Classes;

    private const long SyntheticSeed = 1;

    /// <summary>The first images of the data set.</summary>
    /// <param name="settings">Say which.</param>
    /// <param name="count">How many; fewer come where the set has no more.</param>
    /// <param name="device">Where they shall be.</param>
    public static ImageSet Load(BenchmarkSettings settings, int count, Device device) => settings.Dataset switch
    {
        // Noise in CIFAR's shape: the resize costs what it costs with real images, whatever the resolution.
        SyntheticImages.Name => SyntheticImages.Create(count, CifarFiles.SizePx, SyntheticClasses, SyntheticSeed, device),
        CifarFiles.Name => CifarFiles.LoadTraining(settings.DataDirectory!, device, count),
        _ when FolderLabel.FolderOf(settings.Dataset) is { } folder => ImageFolder.LoadTraining(folder, device, count),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Dataset, "No such data set."),
    };
}
