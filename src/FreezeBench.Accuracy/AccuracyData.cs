using FreezeBench.Data;
using static TorchSharp.torch;

namespace FreezeBench.Accuracy;

/// <summary>Training and test images of a run.</summary>
public sealed class AccuracyData : IDisposable
{
    // Enough for every class in a few batches; learning noise by heart shows that training works, not how well.
    private const int SyntheticTraining = 2048;
    private const int SyntheticTest = 512;

    private AccuracyData(ImageDataSet training, ImageDataSet test) => (Training, Test) = (training, test);

    /// <summary>Images to train on.</summary>
    public ImageDataSet Training { get; }

    /// <summary>Images to test on.</summary>
    public ImageDataSet Test { get; }

    /// <summary>One hash for both sets: what a row's <c>data_hash</c> says.</summary>
    public string Hash => ContentHasher.Combine(Training.ContentHash, Test.ContentHash);

    /// <summary>Loads, and limits where asked.</summary>
    public static AccuracyData Load(AccuracySettings settings, Device device)
    {
        var (training, test) = settings.Dataset == SyntheticImages.Name
            ? (SyntheticImages.Create(SyntheticTraining, CifarFiles.SizePx, CifarFiles.Classes, seed: 1, device), SyntheticImages.Create(SyntheticTest, CifarFiles.SizePx, CifarFiles.Classes, seed: 2, device))
            : (CifarFiles.LoadTraining(settings.DataDirectory!, device), CifarFiles.LoadTest(settings.DataDirectory!, device));
        return new AccuracyData(Limit(training, settings.TrainLimit, settings.Training.Seed), Limit(test, settings.TestLimit, settings.Training.Seed));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Training.Dispose();
        Test.Dispose();
    }

    private static ImageDataSet Limit(ImageDataSet data, int? limit, int seed)
    {
        if (limit is not { } count || count >= data.Count)
            return data;
        using (data)
            return StratifiedSubset.Take(data, count, seed);
    }
}
