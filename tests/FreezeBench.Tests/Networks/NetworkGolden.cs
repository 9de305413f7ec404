using System.Text.Json;
using System.Text.Json.Serialization;

namespace FreezeBench.Tests.Networks;

/// <summary>What Goldens/make_network_goldens.py wrote.</summary>
internal sealed record NetworkGolden(
    [property: JsonPropertyName("settings")] NetworkGoldenSettings Settings,
    [property: JsonPropertyName("vit")] VitGolden[] Vit,
    [property: JsonPropertyName("models")] Dictionary<string, ModelGolden> Models)
{
    internal static NetworkGolden Instance { get; } = Read();

    private static NetworkGolden Read()
    {
        using var stream = typeof(NetworkGolden).Assembly.GetManifestResourceStream("network_goldens.json")!;
        return JsonSerializer.Deserialize<NetworkGolden>(stream)!;
    }
}

internal sealed record NetworkGoldenSettings(
    [property: JsonPropertyName("classes")] int Classes,
    [property: JsonPropertyName("learning_rate")] double LearningRate,
    [property: JsonPropertyName("momentum")] double Momentum,
    [property: JsonPropertyName("weight_decay")] double WeightDecay,
    [property: JsonPropertyName("norm_gain")] double NormGain,
    [property: JsonPropertyName("squeeze_shift")] double SqueezeShift);

internal sealed record VitGolden(
    [property: JsonPropertyName("size")] int Size,
    [property: JsonPropertyName("images")] int Images,
    [property: JsonPropertyName("parameters_with_1000_classes")] long ParametersWith1000Classes,
    [property: JsonPropertyName("state_dict")] Dictionary<string, long[]> StateDict,
    [property: JsonPropertyName("eval_logits")] double[][] EvalLogits,
    [property: JsonPropertyName("gradient_norms")] Dictionary<string, double> GradientNorms,
    [property: JsonPropertyName("losses")] double[] Losses,
    [property: JsonPropertyName("trained_logits")] double[][] TrainedLogits);

internal sealed record ModelGolden(
    [property: JsonPropertyName("size")] int Size,
    [property: JsonPropertyName("images")] int Images,
    [property: JsonPropertyName("parameters_with_1000_classes")] long ParametersWith1000Classes,
    [property: JsonPropertyName("state_dict")] Dictionary<string, long[]> StateDict,
    [property: JsonPropertyName("eval_logits")] double[][] EvalLogits,
    [property: JsonPropertyName("squeezed_logits")] double[][]? SqueezedLogits);
