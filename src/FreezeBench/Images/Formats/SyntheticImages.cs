using FreezeBench.Images.Sets;
using static TorchSharp.torch;

namespace FreezeBench.Images.Formats;

/// <summary>Random images of any number and size: a benchmark needs no data on disk.</summary>
public static class SyntheticImages
{
    /// <summary>The name in options and in the CSV.</summary>
    public const string Name = "synthetic";

    /// <summary>
    /// Uniform noise, with every class equally often (the first labels are 0, 1, 2, ...). Made on the CPU and then copied,
    /// so that a seed means the same bytes on every device.
    /// </summary>
    /// <param name="count">Number of images, 1 or more.</param>
    /// <param name="sizePx">Height and width in pixels, 1 or more.</param>
    /// <param name="classes">Number of classes, 1 or more.</param>
    /// <param name="seed">Same seed, same images; libtorch's CPU generator (mt19937) uses the lower 32 bits only.</param>
    /// <param name="device">Where the set lives.</param>
    public static ImageDataSet Create(int count, int sizePx, int classes, long seed, Device device)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sizePx, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        using var scope = NewDisposeScope();
        using var generator = new Generator(unchecked((ulong)seed), CPU);
        var images = randint(0, 256, [count, 3, sizePx, sizePx], ScalarType.Byte, CPU, generator: generator);
        var labels = arange(count, ScalarType.Int64).remainder(classes);
        return new ImageDataSet(Name, classes, ContentHasher.Hash(images, labels), images.to(device), labels.to(device));
    }
}
