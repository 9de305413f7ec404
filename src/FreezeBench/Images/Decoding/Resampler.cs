using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FreezeBench.Images.Decoding;

/// <summary>Crop, resize and flip of one decoded image, on the thread that has decoded it.</summary>
/// <remarks>
/// <see cref="FramedResize"/> gives the same but for the rounding, as products with matrices that are nearly all zeros: right for
/// a batch on a GPU, but on the CPU it takes the training thread more time than all the rest of a batch.
/// </remarks>
internal static class Resampler
{
    private const int Channels = 3;

    /// <summary>Resamples an image, first along its columns, then along its rows.</summary>
    /// <param name="image">Whole.</param>
    /// <param name="framing">In its own pixels.</param>
    /// <param name="resolutionPx">R.</param>
    /// <param name="target">Gets R rows of R pixels of red, green and blue, in the range of the image's bytes.</param>
    internal static void Resample(DecodedImage image, Framing framing, int resolutionPx, Span<float> target)
    {
        var rows = new AxisTaps(framing.Rows, resolutionPx, reversed: false);
        var columns = new AxisTaps(framing.Columns, resolutionPx, framing.Flipped);
        var length = columns.Count * DecodedImage.BytesPerPixel;
        var rented = ArrayPool<float>.Shared.Rent(length);
        try
        {
            var line = rented.AsSpan(0, length);
            for (var row = 0; row < resolutionPx; row++)
            {
                line.Clear();
                var from = rows.FirstOf(row);
                foreach (var weight in rows.WeightsOf(row))
                    Add(image.Pixels.AsSpan(((from++ * image.Width) + columns.First) * DecodedImage.BytesPerPixel, length), weight, line);
                Shorten(line, columns, target.Slice(row * resolutionPx * Channels, resolutionPx * Channels));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <summary>sum += bytes * weight. The same operations for each of them, by sixteens or alone, so the same bits.</summary>
    private static void Add(ReadOnlySpan<byte> bytes, float weight, Span<float> sum)
    {
        var done = 0;
        ref var source = ref MemoryMarshal.GetReference(bytes);
        ref var target = ref MemoryMarshal.GetReference(sum);
        for (; done <= bytes.Length - Vector128<byte>.Count; done += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)done));
            var ((a, b), (c, d)) = (Vector128.Widen(low), Vector128.Widen(high));
            AddFour(a, weight, ref target, done);
            AddFour(b, weight, ref target, done + 4);
            AddFour(c, weight, ref target, done + 8);
            AddFour(d, weight, ref target, done + 12);
        }
        for (; done < bytes.Length; done++)
            sum[done] += bytes[done] * weight;
    }

    private static void AddFour(Vector128<uint> values, float weight, ref float target, int at) =>
        (Vector128.LoadUnsafe(ref target, (nuint)at) + (Vector128.ConvertToSingle(values.AsInt32()) * weight)).StoreUnsafe(ref target, (nuint)at);

    /// <summary>One row: from four values for each of the image's columns to three for each pixel of the result.</summary>
    private static void Shorten(ReadOnlySpan<float> line, AxisTaps columns, Span<float> target)
    {
        for (var pixel = 0; pixel < target.Length / Channels; pixel++)
        {
            var sum = Vector128<float>.Zero;
            var place = (columns.FirstOf(pixel) - columns.First) * DecodedImage.BytesPerPixel;
            foreach (var weight in columns.WeightsOf(pixel))
            {
                sum += Vector128.Create(line.Slice(place, DecodedImage.BytesPerPixel)) * weight;
                place += DecodedImage.BytesPerPixel;
            }
            var at = pixel * Channels;
            (target[at], target[at + 1], target[at + 2]) = (sum[0], sum[1], sum[2]);
        }
    }
}
