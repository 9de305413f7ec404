using FreezeBench.Results;

namespace FreezeBench.Archives;

/// <summary>
/// Reads another stream up to a limit. A tar file's headers and padding are unpacked too, and a few bytes of gzip can
/// claim gigabytes of them.
/// </summary>
/// <param name="inner">Not owned.</param>
/// <param name="most">Bytes that may be read.</param>
internal sealed class BoundedStream(Stream inner, long most) : ReadOnlyStream
{
    /// <summary>Bytes that were read.</summary>
    internal long Taken { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Taken += read;
        return Taken <= most ? read : throw new ArchiveFaultException($"it unpacks to more than {most} bytes; the data set is smaller");
    }
}
