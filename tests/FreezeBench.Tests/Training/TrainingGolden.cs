using System.Text.Json;
using System.Text.Json.Serialization;

namespace FreezeBench.Tests.Training;

/// <summary>What Goldens/make_training_goldens.py wrote.</summary>
internal sealed record TrainingGolden(
    [property: JsonPropertyName("factors")] Dictionary<string, FactorsGolden[]> Factors,
    [property: JsonPropertyName("trajectories")] Dictionary<string, OptimizerGolden> Trajectories)
{
    internal static TrainingGolden Instance { get; } = Read();

    private static TrainingGolden Read()
    {
        using var stream = typeof(TrainingGolden).Assembly.GetManifestResourceStream("training_goldens.json")!;
        return JsonSerializer.Deserialize<TrainingGolden>(stream)!;
    }
}

internal sealed record FactorsGolden(
    [property: JsonPropertyName("epochs")] int Epochs,
    [property: JsonPropertyName("steps_per_epoch")] int StepsPerEpoch,
    [property: JsonPropertyName("rates")] double[] Rates);

internal sealed record OptimizerGolden(
    [property: JsonPropertyName("losses")] double[] Losses,
    [property: JsonPropertyName("weights")] double[][] Weights);
