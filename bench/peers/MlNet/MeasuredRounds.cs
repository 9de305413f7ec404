using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Microsoft.ML;

namespace FreezeBench.MlNet;

/// <summary>Makes all features and trains on them, several times over, with ML.NET opened once.</summary>
internal sealed class MeasuredRounds
{
    /// <summary>The first calls compile code and let ONNX Runtime find its memory.</summary>
    internal const int WarmUpImages = 32;

    /// <summary>Decoded images take 0.6 MB each.</summary>
    private const int MostNetworkImages = 128;

    private readonly MlNetSettings settings;
    private readonly Photographs images;
    private readonly MlNetSession session;
    private readonly MLContext context;
    private readonly Featurizer featurizer;
    private readonly List<Photograph> networkImages;
    private readonly IDataView decoded;

    /// <summary>Opens the network, and warms up.</summary>
    internal MeasuredRounds(MlNetSettings settings, Photographs images, MlNetSession session)
    {
        (this.settings, this.images, this.session) = (settings, images, session);
        context = new MLContext(settings.Seed);
        featurizer = new Featurizer(context, settings.Threads);
        networkImages = Spread(images.Training, MostNetworkImages);
        decoded = featurizer.Decoded(networkImages);

        var few = Spread(images.Training, WarmUpImages);
        var features = featurizer.Extract(few).Features;
        Head.Train(context, settings, images with { Training = few, Test = few }, features, features);
    }

    /// <param name="number">From 1.</param>
    internal MlNetRow Measure(int number)
    {
        var others = new OtherLoad();
        var (features, featureTime) = featurizer.Extract(images.Training.Concat(images.Test));
        var networkTime = featurizer.NetworkAlone(decoded);
        var head = Head.Train(context, settings, images, [.. features.Take(images.Training.Count)], [.. features.Skip(images.Training.Count)]);
        return new MlNetRow
        {
            SchemaVersion = IResultRow.CurrentSchemaVersion,
            RunId = session.Stamp.RunId,
            EnvironmentId = session.Stamp.EnvironmentId,
            UtcTime = DateTimeOffset.UtcNow,
            Commit = session.Stamp.Git.Commit,
            Dirty = session.Stamp.Git.Dirty,
            Dataset = images.Name,
            DataHash = images.Hash,
            Backbone = "resnet18",
            Weights = MlNetSession.Weights,
            Policy = "frozen-cached",
            Trainer = settings.Trainer,
            Classes = images.Classes.Count,
            Seed = settings.Seed,
            Round = number,
            Rounds = settings.Rounds,
            ResolutionPx = Featurizer.ResolutionPx,
            Threads = settings.Threads,
            Device = MlNetSession.Device,
            TrainTotal = images.Training.Count,
            TestTotal = images.Test.Count,
            FeatureTimeS = featureTime.TotalSeconds,
            FeatureImagesPerS = features.Count / featureTime.TotalSeconds,
            NetworkImages = networkImages.Count,
            NetworkTimeS = networkTime.TotalSeconds,
            NetworkImagesPerS = networkImages.Count / networkTime.TotalSeconds,
            TrainTimeS = head.TrainTime.TotalSeconds,
            EvaluationTimeS = head.EvaluationTime.TotalSeconds,
            TestCorrect = head.Correct,
            TestAccuracyFraction = (double)head.Correct / images.Test.Count,
            Node = session.Stamp.Node,
            OthersBusyCores = others.BusyCores(),
        };
    }

    // Images lie class by class: the first ones would be of one class alone.
    private static List<Photograph> Spread(IReadOnlyList<Photograph> all, int most) =>
        [.. Enumerable.Range(0, Math.Min(most, all.Count)).Select(index => all[(int)((long)index * all.Count / Math.Min(most, all.Count))])];
}
