using System.Buffers;
using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Data;

/// <summary>An image in a file and the part of it that a batch needs.</summary>
/// <param name="Entry">The file.</param>
/// <param name="Framing">What the network sees of it.</param>
/// <param name="Region">The pixels that it is made of: nothing else is copied or padded for.</param>
internal sealed record FileView(ImageFileEntry Entry, Framing Framing, CropBox Region)
{
    internal static FileView Of(ImageFileEntry entry, Framing framing, int resolutionPx)
    {
        var (top, height) = framing.Rows.Reads(resolutionPx);
        var (left, width) = framing.Columns.Reads(resolutionPx);
        return new FileView(entry, framing, new CropBox(top, left, height, width));
    }
}

/// <summary>Some images of a batch, next to each other in host memory and padded to the largest: uint8 [n, 3, H, W].</summary>
/// <remarks>The padding is whatever was in memory before: it has no weight in the resize.</remarks>
internal sealed class PaddedPixels : IDisposable
{
    // As float32 on the device it is four times as much. One larger image makes a part of its own.
    private const long MostBytes = 64 << 20;

    private readonly IReadOnlyList<FileView> files;
    private readonly byte[] pixels;
    private readonly int height;
    private readonly int width;

    private PaddedPixels(IReadOnlyList<FileView> files)
    {
        this.files = files;
        (height, width) = (files.Max(file => file.Region.Height), files.Max(file => file.Region.Width));
        pixels = ArrayPool<byte>.Shared.Rent(checked(files.Count * ImageBytes));
    }

    /// <summary>Number of images.</summary>
    internal int Count => files.Count;

    /// <summary>What is seen of each image.</summary>
    internal IReadOnlyList<StoredView> Views => [.. files.Select(file => new StoredView(file.Framing, file.Region.Top, file.Region.Left))];

    private int ImageBytes => checked(3 * height * width);

    /// <summary>Cuts a batch into parts of bounded size, in order: one huge image must not make all the others as large.</summary>
    internal static List<PaddedPixels> Divide(IReadOnlyList<FileView> batch, long mostBytes = MostBytes)
    {
        List<PaddedPixels> parts = [];
        List<FileView> part = [];
        var (height, width) = (0L, 0L);
        foreach (var file in batch)
        {
            (height, width) = (Math.Max(height, file.Region.Height), Math.Max(width, file.Region.Width));
            if (part is not [] && 3 * height * width * (part.Count + 1) > mostBytes)
            {
                parts.Add(new PaddedPixels(part));
                (part, height, width) = ([], file.Region.Height, file.Region.Width);
            }
            part.Add(file);
        }
        parts.Add(new PaddedPixels(part));
        return parts;
    }

    /// <summary>Decodes one of the images to its place; several threads may do so for different ones.</summary>
    /// <param name="index">0 .. <see cref="Count"/> - 1.</param>
    /// <param name="buffer">Memory of the thread's own that may be used.</param>
    /// <returns>The memory to use for the next one.</returns>
    /// <exception cref="UserErrorException">The file is no longer the image that it was when the folder was read.</exception>
    internal byte[] Decode(int index, byte[]? buffer)
    {
        var (entry, region) = (files[index].Entry, files[index].Region);
        try
        {
            var image = ImageDecoder.Decode(ImageDecoder.Read(entry.Path), buffer);
            if ((image.Width, image.Height) != (entry.Width, entry.Height))
                throw new UnreadableImageException($"{image.Width} x {image.Height} pixels instead of {entry.Width} x {entry.Height}");
            image.CopyPlanes(region, pixels.AsSpan(index * ImageBytes, ImageBytes), width, height * width);
            return image.Pixels;
        }
        catch (UnreadableImageException e)
        {
            throw new UserErrorException($"'{entry.Path}' has changed since the folder was read: {e.Message}. Leave the images alone while a run reads them, and start again.", e);
        }
    }

    /// <returns>uint8 [n, 3, H, W] on the device; lives in the caller's scope.</returns>
    internal Tensor ToTensor(Device device)
    {
        var host = empty([Count, 3, height, width], ScalarType.Byte);
        pixels.AsSpan(0, Count * ImageBytes).CopyTo(host.bytes);
        return host.to(device);
    }

    /// <summary>Gives the memory back; nobody may be decoding any more.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(pixels);
}
