using System.Runtime.InteropServices;

namespace FreezeBench.Images;

/// <summary>A mean for each pixel of a network's input, as networks of ImageNet's first years were trained with.</summary>
public sealed class MeanImage
{
    private const int Channels = 3;

    /// <param name="sizePx">Height and width.</param>
    /// <param name="values">[3, H, W] in C order: red, green, blue, in 0 .. 1.</param>
    public MeanImage(int sizePx, ReadOnlyMemory<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizePx, 1);
        if (values.Length != (long)Channels * sizePx * sizePx)
            throw new ArgumentException($"There are {values.Length} values; a mean image of {sizePx} px has {Channels * sizePx * sizePx}.", nameof(values));
        (SizePx, Values) = (sizePx, values);
        Sha256 = Convert.ToHexStringLower(Results.Sha256.HashData(MemoryMarshal.AsBytes(values.Span)));
    }

    /// <summary>Height and width in pixels.</summary>
    public int SizePx { get; }

    /// <summary>[3, H, W] in C order: red, green, blue, in 0 .. 1.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Of the values, lower-case hex.</summary>
    public string Sha256 { get; }

    /// <summary>Mean of each channel.</summary>
    public IReadOnlyList<float> ChannelMeans => [.. Enumerable.Range(0, Channels).Select(MeanOf)];

    private float MeanOf(int channel)
    {
        var pixels = SizePx * SizePx;
        var sum = 0d;
        foreach (var value in Values.Span.Slice(channel * pixels, pixels))
            sum += value;
        return (float)(sum / pixels);
    }
}
