using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace FreezeBench.MlNet;

/// <summary>What a trainer made of features, and how right it was.</summary>
/// <param name="TrainTime">Of the trainer.</param>
/// <param name="EvaluationTime">Of predicting all test images.</param>
/// <param name="Correct">Test images classified correctly.</param>
internal sealed record HeadOutcome(TimeSpan TrainTime, TimeSpan EvaluationTime, int Correct);

/// <summary>A trainer of ML.NET on features in memory, with its own defaults for all but the threads.</summary>
internal static class Head
{
    private const string Label = nameof(FeatureRow.Label);
    private const string Features = nameof(FeatureRow.Features);
    private const string PredictedLabel = "PredictedLabel";

    internal static HeadOutcome Train(MLContext context, MlNetSettings settings, Photographs images, IReadOnlyList<float[]> training, IReadOnlyList<float[]> test)
    {
        var (train, held) = (View(context, images.Classes.Count, images.Training, training), View(context, images.Classes.Count, images.Test, test));
        var trainer = Trainer(context, settings);
        var start = Stopwatch.GetTimestamp();
        var model = trainer.Fit(train);
        var trained = Stopwatch.GetElapsedTime(start);

        start = Stopwatch.GetTimestamp();
        var predicted = model.Transform(held).GetColumn<uint>(PredictedLabel).ToList();
        var evaluated = Stopwatch.GetElapsedTime(start);
        return new HeadOutcome(trained, evaluated, predicted.Zip(images.Test).Count(pair => pair.First == Key(pair.Second)));
    }

    private static IEstimator<ITransformer> Trainer(MLContext context, MlNetSettings settings)
    {
        var trainers = context.MulticlassClassification.Trainers;
        return settings.Trainer switch
        {
            MlNetOptions.Lbfgs => trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { LabelColumnName = Label, FeatureColumnName = Features, NumberOfThreads = settings.Threads }),
            MlNetOptions.Sdca => trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options { LabelColumnName = Label, FeatureColumnName = Features, NumberOfThreads = settings.Threads }),
            _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Trainer, "Not a trainer."),
        };
    }

    private static IDataView View(MLContext context, int classes, IReadOnlyList<Photograph> images, IReadOnlyList<float[]> features)
    {
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema[Label].ColumnType = new KeyDataViewType(typeof(uint), classes);
        schema[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features[0].Length);
        return context.Data.LoadFromEnumerable(images.Zip(features, (image, values) => new FeatureRow { Label = (uint)image.Label, Features = values }).ToList(), schema);
    }

    // Keys count from 1, and 0 is a missing value; ML.NET itself adds the 1 to what it takes from objects, and not to what it gives back.
    private static uint Key(Photograph image) => (uint)image.Label + 1;

    private sealed class FeatureRow
    {
        public uint Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
