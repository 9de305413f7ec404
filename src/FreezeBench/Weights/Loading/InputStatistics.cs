using System.Runtime.InteropServices;
using FreezeBench.Images;
using FreezeBench.Results;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Loading;

/// <summary>What a weights file itself says about the normalisation of the images that its network was trained on.</summary>
public static class InputStatistics
{
    /// <summary>
    /// The entry of a file beside the network's: float32 [3, H, W] in 0 .. 255, red, green, blue, H = W. A network with it gets images in 0 .. 255
    /// minus this.
    /// </summary>
    public const string MeanImageName = "freezebench.mean_image";

    private const float Largest = 255;

    /// <summary>The file's normalisation; null where it names none, as files of other programs: ImageNet's is meant then.</summary>
    /// <exception cref="UserErrorException">The entry is no such image.</exception>
    public static ChannelStatistics? Of(StateDictFile? file)
    {
        if (file?.Entries.FirstOrDefault(entry => entry.Name == MeanImageName) is not { } entry)
            return null;
        if (entry.Type != ElementType.F32 || entry.Shape is not [3, > 0 and <= 4096 and var height, var width] || height != width)
            throw new UserErrorException($"The weights file '{file.Path}': its entry {MeanImageName} is {entry.Type} {Shown.Shape(entry.Shape)}; a mean image is float32 [3, H, H].");
        var values = MemoryMarshal.Cast<byte, float>(entry.ToBytes()).ToArray();
        if (!Array.TrueForAll(values, value => value is >= 0 and <= Largest))
            throw new UserErrorException($"The weights file '{file.Path}': its entry {MeanImageName} has values outside 0 .. 255. The file is damaged.");
        var image = new MeanImage((int)height, values.Select(value => value / Largest).ToArray());
        return new ChannelStatistics(image.ChannelMeans, [1 / Largest, 1 / Largest, 1 / Largest]) { MeanImage = image };
    }
}
