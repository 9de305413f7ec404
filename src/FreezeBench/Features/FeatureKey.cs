using System.Globalization;
using System.Text;
using FreezeBench.Images.Sets;
using FreezeBench.Networks;
using FreezeBench.Weights.Loading;
using static TorchSharp.torch;

namespace FreezeBench.Features;

/// <summary>Everything that decides the bits of the features of a set of images.</summary>
/// <remarks>Rather too much than too little: where anything of it differs, features are extracted again, which costs time and nothing else.</remarks>
/// <param name="Text">A line for each fact; the same text means the same features.</param>
/// <param name="Images">Rows of the features.</param>
/// <param name="FeatureCount">Numbers in a row.</param>
public sealed record FeatureKey(string Text, int Images, int FeatureCount)
{
    // Goes up where an old file must not be read any more although the code below has not changed.
    private const int Format = 1;

    // They choose among code paths of libtorch and its libraries on the same CPU, which sum in unlike order.
    private static readonly string[] variables =
        ["ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ONEDNN_DEFAULT_FPMATH_MODE", "MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR"];

    /// <summary>SHA-256 of the text, lower-case hex: the file's name.</summary>
    public string Sha256 => Convert.ToHexStringLower(Results.Sha256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>The key of features that are about to be extracted.</summary>
    /// <param name="network">The backbone that extracts; its head plays no part.</param>
    /// <param name="folds">Whether its BatchNorm is folded where the network can do that: the sums are rounded otherwise then.</param>
    /// <param name="images">In stored order.</param>
    /// <param name="transform">From images to the network's input.</param>
    /// <param name="batchSize">Images of a forward pass: convolutions may sum in another order where an image has other neighbours.</param>
    /// <param name="environment">
    /// Machine, device, precision and versions of libraries, in one line: the same features come of the same line alone.
    /// </param>
    public static FeatureKey Of(INetwork network, bool folds, ImageSet images, ImageTransform transform, int batchSize, string environment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var type = network.Module.GetType();
        string[] lines =
        [
            $"format {Format.ToString(CultureInfo.InvariantCulture)}",
            // A module's version id is a hash of its code: what was built from other code reads nothing of this one's.
            $"code {Id(typeof(FeatureKey))}, decoder {Id(typeof(SkiaSharp.SKCodec))}",
            $"environment {environment.ReplaceLineEndings(" ")}",
            $"variables {string.Join(' ', variables.Select(name => $"{name}={Environment.GetEnvironmentVariable(name)}"))}",
            $"backbone {type.FullName} {Id(type)} stages {string.Join('-', network.Stages.Select(stage => stage.Name))} {(folds && network is IFoldable ? "folded" : "as it is")} {BackboneSha256(network)}",
            string.Create(CultureInfo.InvariantCulture, $"images {images.GetType().Name} {images.ContentHash} {images.Count}"),
            $"transform {transform.Identity}",
            string.Create(CultureInfo.InvariantCulture, $"batch {batchSize}"),
        ];
        return new FeatureKey(string.Join('\n', lines), images.Count, network.FeatureCount);
    }

    /// <summary>SHA-256 over names, types, shapes and bytes of all parameters and buffers before the head, BatchNorm's statistics among them.</summary>
    internal static string BackboneSha256(INetwork network)
    {
        using var hash = new Results.Sha256();
        using var scope = NewDisposeScope();
        foreach (var stage in network.Stages.SkipLast(1))
            foreach (var (place, module) in stage.Modules.Index())
                foreach (var (name, value) in module.state_dict())
                {
                    // The 0 ends the text: no two lists of names and bytes look the same.
                    hash.Append(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{stage.Name} {place} {name} {value.dtype} {string.Join(',', value.shape)}\0")));
                    StateDictHash.Append(hash, value);
                }
        return Convert.ToHexStringLower(hash.Finish());
    }

    private static string Id(Type type) => type.Module.ModuleVersionId.ToString("N");
}
