using System.Runtime.InteropServices;
using FreezeBench.Results;
using SkiaSharp;

namespace FreezeBench.Images.Decoding;

/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels">Red, green, blue and one byte of no meaning for each pixel, rows first; may be longer than the image.</param>
internal readonly record struct DecodedImage(int Width, int Height, byte[] Pixels)
{
    internal const int BytesPerPixel = 4;
}

/// <summary>A file that is no whole image; the message is the reason alone, without the file's name.</summary>
internal sealed class UnreadableImageException(string reason, Exception? innerException = null) : Exception(reason, innerException);

/// <summary>Files to pixels, as <c>Image.open(path).convert('RGB')</c> of Pillow gives them, on any thread.</summary>
/// <remarks>
/// Grey becomes three equal channels; alpha is dropped and not blended; 16 bits a channel become the upper 8 (where Pillow cuts grey of 16
/// bits off at 255, which leaves most of it white, this is what is meant); an embedded colour
/// profile is not applied and neither is the orientation that a camera writes into EXIF: torchvision's <c>ImageFolder</c>
/// does neither. What the file is, is read from its bytes and not from its name.
/// </remarks>
internal static class ImageDecoder
{
    // Pillow's own limit against files that are small and decode to more than the memory holds.
    private const long MostPixels = 178_956_970;

    // More than the largest image without compression.
    private const long LargestFile = MostPixels * 8;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="UnreadableImageException">The system does not let it be read.</exception>
    internal static byte[] Read(string path)
    {
        try
        {
            return RegularFile.ReadAllBytes(path, LargestFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableImageException(e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>Decodes every pixel.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="buffer">Taken for the pixels where it is large enough; null: memory of its own.</param>
    /// <exception cref="UnreadableImageException">Empty, of an unknown format, damaged, cut short or far too large.</exception>
    internal static DecodedImage Decode(byte[] file, byte[]? buffer = null)
    {
        if (file.Length == 0)
            throw new UnreadableImageException("empty");
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data) ?? throw new UnreadableImageException("not an image, or its header is damaged");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MostPixels)
            throw new UnreadableImageException($"{width} x {height} pixels; {MostPixels} are the most");
        var needed = checked(width * height * DecodedImage.BytesPerPixel);
        var pixels = buffer is not null && buffer.Length >= needed ? buffer : new byte[needed];
        // Not premultiplied: a transparent pixel keeps its colour, as it does where alpha is simply dropped. No colour space: no conversion.
        var wanted = new SKImageInfo(width, height, SKColorType.Rgba8888,
            codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        var pinned = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            var result = codec.GetPixels(wanted, pinned.AddrOfPinnedObject());
            if (result != SKCodecResult.Success)
                throw new UnreadableImageException(Reason(result));
        }
        finally
        {
            pinned.Free();
        }
        return new DecodedImage(width, height, pixels);
    }

    private static string Reason(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "cut short",
        SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => "damaged",
        _ => $"cannot be decoded ({result})",
    };
}
