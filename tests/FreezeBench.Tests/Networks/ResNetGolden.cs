using System.Text.Json;
using System.Text.Json.Serialization;
using FreezeBench.Networks.Known;

namespace FreezeBench.Tests.Networks;

/// <summary>What Goldens/make_resnet_goldens.py wrote for one backbone.</summary>
internal sealed record ResNetGolden(
    [property: JsonPropertyName("parameters_with_1000_classes")] long ParametersWith1000Classes,
    [property: JsonPropertyName("state_dict")] Dictionary<string, long[]> StateDict,
    [property: JsonPropertyName("eval_logits")] double[][] EvalLogits,
    [property: JsonPropertyName("step")] StepGolden Step,
    [property: JsonPropertyName("trajectories")] Dictionary<string, TrajectoryGolden> Trajectories)
{
    private static readonly JsonElement Root = ReadRoot();

    internal static GoldenSettings Settings { get; } = Root.GetProperty("settings").Deserialize<GoldenSettings>()!;

    /// <summary>FormulaWeights.Uniform("formula", 8, -1, 1), nine digits.</summary>
    internal static float[] Formula { get; } = Root.GetProperty("formula").Deserialize<float[]>()!;

    internal static ResNetGolden Of(Backbone backbone) => Root.GetProperty(backbone.Name).Deserialize<ResNetGolden>()!;

    private static JsonElement ReadRoot()
    {
        using var stream = typeof(ResNetGolden).Assembly.GetManifestResourceStream("resnet_goldens.json")!;
        return JsonElement.Parse(new BinaryReader(stream).ReadBytes((int)stream.Length));
    }
}

internal sealed record GoldenSettings(
    [property: JsonPropertyName("batch")] int Batch,
    [property: JsonPropertyName("size")] int Size,
    [property: JsonPropertyName("classes")] int Classes,
    [property: JsonPropertyName("learning_rate")] double LearningRate,
    [property: JsonPropertyName("momentum")] double Momentum,
    [property: JsonPropertyName("weight_decay")] double WeightDecay);

internal sealed record StepGolden(
    [property: JsonPropertyName("loss")] double Loss,
    [property: JsonPropertyName("gradient_norms")] Dictionary<string, double> GradientNorms);

internal sealed record TrajectoryGolden(
    [property: JsonPropertyName("losses")] double[] Losses,
    [property: JsonPropertyName("moved_state_norms")] Dictionary<string, double> MovedStateNorms,
    [property: JsonPropertyName("eval_logits")] double[][] EvalLogits);
