using FreezeBench.Archives;
using FreezeBench.Downloads;

namespace FreezeBench.Images.Formats;

/// <summary>
/// One of the two CIFAR sets in its binary layout (Krizhevsky, https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version"):
/// how its records are built, what its files are called and where its archive is.
/// </summary>
internal sealed record CifarLayout
{
    /// <summary>Height and width in pixels.</summary>
    public const int SizePx = 32;

    /// <summary>Bytes of an image.</summary>
    public const int PixelBytes = 3 * SizePx * SizePx;

    /// <summary>Name in options and in the CSV.</summary>
    public required string Name { get; init; }

    /// <summary>Name in messages.</summary>
    public required string Title { get; init; }

    /// <summary>The set that its files could be taken for.</summary>
    public required string OtherTitle { get; init; }

    /// <summary>Label bytes before the pixels.</summary>
    public required int LabelBytes { get; init; }

    /// <summary>Which of them is the class.</summary>
    public required int LabelAt { get; init; }

    /// <summary>Names of the classes in the order of the labels.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Folder inside the official archive.</summary>
    public required string OfficialFolder { get; init; }

    /// <summary>Folder inside the archive of the version for Python, which is another, and is not read.</summary>
    public required string PythonFolder { get; init; }

    /// <summary>A file by which an unpacked folder is known.</summary>
    public required string FirstFile { get; init; }

    public required RemoteFile Archive { get; init; }

    public int RecordBytes => LabelBytes + PixelBytes;

    /// <summary>Bytes of all 60,000 records, training and test together: no file has more, however a copy cuts them.</summary>
    public long AllBytes => 60_000L * RecordBytes;

    /// <summary>All records, and 1 MB for the texts beside them.</summary>
    public ArchiveLimits Limits => new(Entries: 64, Bytes: AllBytes + (1 << 20));
}
