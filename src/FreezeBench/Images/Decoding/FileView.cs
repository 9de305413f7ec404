using FreezeBench.Results;

namespace FreezeBench.Images.Decoding;

/// <summary>An image in a file, and what the network sees of it.</summary>
/// <param name="Entry">The file.</param>
/// <param name="Framing">Crop, resize and flip.</param>
internal sealed record FileView(ImageFileEntry Entry, Framing Framing)
{
    /// <summary>Decodes and resamples it; on any thread.</summary>
    /// <param name="target">Gets R rows of R pixels of red, green and blue, 0 .. 255.</param>
    /// <param name="resolutionPx">R.</param>
    /// <param name="buffer">Memory of the thread's own that may be used.</param>
    /// <returns>The memory to use for the next one.</returns>
    /// <exception cref="UserErrorException">The file is no longer the image that it was when the folder was read.</exception>
    internal byte[] Decode(Span<float> target, int resolutionPx, byte[]? buffer)
    {
        try
        {
            var image = ImageDecoder.Decode(ImageDecoder.Read(Entry.Path), buffer);
            if ((image.Width, image.Height) != (Entry.Width, Entry.Height))
                throw new UnreadableImageException($"{image.Width} x {image.Height} pixels instead of {Entry.Width} x {Entry.Height}");
            Resampler.Resample(image, Framing, resolutionPx, target);
            return image.Pixels;
        }
        catch (UnreadableImageException e)
        {
            throw new UserErrorException($"'{Entry.Path}' has changed since the folder was read: {e.Message}. Leave the images alone while a run reads them, and start again.", e);
        }
    }
}
