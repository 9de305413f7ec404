using System.Text.Json;
using System.Text.Json.Serialization;
using FreezeBench.Tests.Networks;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Features.Heads;

/// <summary>What Goldens/make_head_goldens.py wrote.</summary>
internal sealed record HeadGolden(
    [property: JsonPropertyName("logistic")] LogisticGolden[] Logistic,
    [property: JsonPropertyName("nearest")] NearestGolden[] Nearest,
    [property: JsonPropertyName("by_stage")] Dictionary<string, StagesGolden> ByStage,
    [property: JsonPropertyName("unfreezing")] Dictionary<string, StagesGolden> Unfreezing)
{
    internal static HeadGolden Instance { get; } = Read();

    /// <summary>The script's features and labels: float32 [count, width], and 0, 1, 2 ... modulo the classes.</summary>
    internal static (Tensor Features, Tensor Labels) Features(string name, int count, int width, int classes)
    {
        using var scope = NewDisposeScope();
        var labels = arange(count, ScalarType.Int64).remainder(classes);
        var centres = tensor(FormulaWeights.Uniform("centres", classes * width, -0.3, 0.3), [classes, width]);
        var values = tensor(FormulaWeights.Uniform(name, count * width, -1, 1), [count, width]) + centres.index_select(0, labels);
        values.select(1, 0).fill_(0.5);
        return (values.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope());
    }

    private static HeadGolden Read()
    {
        using var stream = typeof(HeadGolden).Assembly.GetManifestResourceStream("head_goldens.json")!;
        return JsonSerializer.Deserialize<HeadGolden>(stream)!;
    }
}

internal sealed record LogisticGolden(
    [property: JsonPropertyName("count")] int Count, [property: JsonPropertyName("width")] int Width, [property: JsonPropertyName("classes")] int Classes,
    [property: JsonPropertyName("l2")] double L2, [property: JsonPropertyName("seed")] int Seed, [property: JsonPropertyName("chosen")] double Chosen,
    [property: JsonPropertyName("weights")] double[][] Weights, [property: JsonPropertyName("bias")] double[] Bias,
    [property: JsonPropertyName("predictions")] long[] Predictions);

internal sealed record NearestGolden(
    [property: JsonPropertyName("count")] int Count, [property: JsonPropertyName("width")] int Width, [property: JsonPropertyName("classes")] int Classes,
    [property: JsonPropertyName("predictions")] long[] Predictions, [property: JsonPropertyName("shares")] double[][] Shares,
    [property: JsonPropertyName("others")] long[] Others);

internal sealed record StagesGolden([property: JsonPropertyName("losses")] double[] Losses, [property: JsonPropertyName("final_loss")] double FinalLoss);
