using System.CommandLine;
using FreezeBench.Data;
using FreezeBench.Freezing;
using FreezeBench.Models;
using FreezeBench.Native;
using FreezeBench.Training;
using FreezeBench.Weights;

namespace FreezeBench.Accuracy;

/// <summary>What a command asks for, without open defaults.</summary>
public sealed record AccuracySettings
{
    /// <summary>Architecture.</summary>
    public required Backbone Backbone { get; init; }

    /// <summary>One training run for each.</summary>
    public required IReadOnlyList<FreezingPolicy> Policies { get; init; }

    /// <summary>Name in <c>--dataset</c>.</summary>
    public required string Dataset { get; init; }

    /// <summary>What rows call the data set.</summary>
    public required string DatasetLabel { get; init; }

    /// <summary>Null for synthetic images.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Null: the images' own size.</summary>
    public int? ResolutionPx { get; init; }

    /// <summary>Null: all.</summary>
    public int? TrainLimit { get; init; }

    /// <summary>Null: all.</summary>
    public int? TestLimit { get; init; }

    /// <summary>What the network starts from; null: fresh weights from the seed.</summary>
    public StateDictFile? Weights { get; init; }

    /// <summary>The start as rows name it: the file's name, or <c>random</c>.</summary>
    public string WeightsName => Weights is null ? AccuracyOptions.RandomWeights : Path.GetFileName(Weights.Path);

    /// <summary>Passes over the training set.</summary>
    public required int Epochs { get; init; }

    /// <summary>Strides.</summary>
    public required MemoryFormat MemoryFormat { get; init; }

    /// <summary>How a step trains.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Fills in what was not asked for.</summary>
    public static AccuracySettings Resolve(AccuracyOptions options, ParseResult parsed, DeviceChoice device)
    {
        var run = options.Run;
        var dataset = parsed.GetValue(run.Dataset) ?? CifarFiles.Name;
        var defaults = new TrainingOptions();
        return new AccuracySettings
        {
            Backbone = parsed.GetValue(run.Backbone) ?? Backbone.ResNet18,
            Policies = parsed.GetValue(run.Policies) ?? [FreezingPolicy.FineTune, FreezingPolicy.Frozen],
            Dataset = dataset,
            DatasetLabel = parsed.GetValue(run.DatasetLabel) ?? dataset,
            DataDirectory = parsed.GetValue(run.DataDirectory),
            ResolutionPx = (int?)parsed.GetValue(run.Resolution),
            TrainLimit = (int?)parsed.GetValue(options.TrainLimit),
            TestLimit = (int?)parsed.GetValue(options.TestLimit),
            Weights = parsed.GetValue(options.Weights) is { } path and not AccuracyOptions.RandomWeights ? StateDictFile.Read(path) : null,
            Epochs = (int?)parsed.GetValue(options.Epochs) ?? 1,
            MemoryFormat = parsed.GetValue(run.MemoryFormat) ?? MemoryFormat.DefaultFor(device.Type),
            Training = new TrainingOptions
            {
                BatchSize = (int?)parsed.GetValue(run.BatchSize) ?? defaults.BatchSize,
                LearningRateHead = parsed.GetValue(options.LearningRate) ?? defaults.LearningRateHead,
                LearningRateBackbone = parsed.GetValue(options.LearningRate) ?? defaults.LearningRateBackbone,
                Momentum = parsed.GetValue(options.Momentum) ?? defaults.Momentum,
                WeightDecay = parsed.GetValue(options.WeightDecay) ?? defaults.WeightDecay,
                Seed = (int?)parsed.GetValue(options.Seed) ?? defaults.Seed,
            }.Validated(),
        };
    }
}
