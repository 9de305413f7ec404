using System.Globalization;
using System.Text.RegularExpressions;

namespace FreezeBench.Weights.Loading;

/// <summary>Names of Hugging Face's ResNet (transformers, <c>modeling_resnet.py</c>) in torchvision's words: the same network, layer by layer.</summary>
internal static partial class HuggingFaceResNet
{
    /// <summary>Whether a name is of the first layers, which no other network calls so. The head's name is no sign: MobileNet's is the same.</summary>
    public static bool IsStem(string name) => Stem().IsMatch(name);

    /// <summary>torchvision's name of an entry; other names stay as they are.</summary>
    public static string Translate(string name)
    {
        if (Stem().Match(name) is { Success: true } stem)
            return $"{stem.Groups["prefix"].Value}{(stem.Groups["kind"].Value == "convolution" ? "conv1" : "bn1")}.{stem.Groups["rest"].Value}";
        if (Block().Match(name) is { Success: true } block)
        {
            var (convolution, place) = (block.Groups["kind"].Value == "convolution", block.Groups["layer"].Value);
            var part = place == "" ? $"downsample.{(convolution ? 0 : 1)}" : $"{(convolution ? "conv" : "bn")}{Next(place)}";
            return $"{block.Groups["prefix"].Value}layer{Next(block.Groups["stage"].Value)}.{block.Groups["block"].Value}.{part}.{block.Groups["rest"].Value}";
        }
        return Head().Match(name) is { Success: true } head ? $"{head.Groups["prefix"].Value}fc.{head.Groups["rest"].Value}" : name;
    }

    private static string Next(string number) => (int.Parse(number, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<prefix>(?:.*\.)?)embedder\.embedder\.(?<kind>convolution|normalization)\.(?<rest>.+)$")]
    private static partial Regex Stem();

    [GeneratedRegex(@"^(?<prefix>(?:.*\.)?)encoder\.stages\.(?<stage>[0-3])\.layers\.(?<block>[0-9]{1,3})\.(?:layer\.(?<layer>[0-2])|shortcut)\.(?<kind>convolution|normalization)\.(?<rest>.+)$")]
    private static partial Regex Block();

    // A Sequential of flatten and a linear layer.
    [GeneratedRegex(@"^(?<prefix>(?:.*\.)?)classifier\.1\.(?<rest>weight|bias)$")]
    private static partial Regex Head();
}
