using System.IO.Hashing;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Zip;

/// <summary>The records of an uncompressed zip archive in memory. No content is copied and nothing is written anywhere.</summary>
internal sealed class ZipRecords
{
    private const int LeastListBytes = 46;      // of one line of the list

    private readonly ReadOnlyMemory<byte> file;
    private readonly Dictionary<string, (ZipRecord Record, Range Place)> records = [];
    private readonly HashSet<string> verified = [];

    /// <summary>Reads the list and checks every record's place.</summary>
    /// <exception cref="WeightsFaultException">Damage, contradictions, names that occur twice, contents that overlap.</exception>
    public ZipRecords(ReadOnlyMemory<byte> file)
    {
        this.file = file;
        var directory = ZipDirectory.Find(file);
        if (directory.Count > directory.Bytes / LeastListBytes)
            throw new WeightsFaultException($"the zip archive claims {directory.Count} records in a list of "
                + $"{directory.Bytes} bytes.");
        Bounds.Check(directory.Count, "the records in its zip archive are");
        var list = new ByteCursor(file.Slice((int)directory.Start, (int)directory.Bytes), "the zip archive's list of records");
        List<ZipRecord> listed = [];
        for (var number = 0UL; number < directory.Count; number++)
            listed.Add(ZipRecord.FromList(list));
        if (list.Left != 0)
            throw new WeightsFaultException($"the zip archive's list of records has {list.Left} bytes too many.");
        First = listed.FirstOrDefault()?.Name;
        Locate(listed, directory.Start);
    }

    /// <summary>The name of the first record of the list; null: an empty archive.</summary>
    public string? First { get; }

    public bool Contains(string name) => records.ContainsKey(name);

    /// <exception cref="WeightsFaultException">A record is compressed.</exception>
    public void ThrowIfCompressed()
    {
        foreach (var (record, _) in records.Values)
            record.ThrowIfCompressed();
    }

    /// <summary>The content of a record as it lies there, its checksum verified.</summary>
    /// <exception cref="WeightsFaultException">There is no such record, or its checksum differs.</exception>
    public ReadOnlyMemory<byte> Read(string name)
    {
        if (!records.TryGetValue(name, out var found))
            throw new WeightsFaultException($"the record {Shown.Name(name)} is missing.");
        var content = file[found.Place];
        // Once for each record, not once for each tensor: a thousand tensors may share one.
        if (verified.Add(name) && Crc32.HashToUInt32(content.Span) != found.Record.Checksum)
            throw new WeightsFaultException($"the checksum of record {Shown.Name(name)} differs; the file is damaged "
                + "(or was saved with torch.serialization.set_crc32_options(False)).");
        return content;
    }

    private void Locate(IEnumerable<ZipRecord> listed, ulong limit)
    {
        var end = 0UL;
        foreach (var record in listed.OrderBy(record => record.Header))
        {
            // Before the header is looked at: a thousand records on one long header would cost a thousand times its size.
            if (record.Header < end)
                throw new WeightsFaultException($"the record {Shown.Name(record.Name)} overlaps another one.");
            var place = record.Locate(file, limit);
            end = (ulong)place.End.Value;
            if (!records.TryAdd(record.Name, (record, place)))
                throw new WeightsFaultException($"the zip archive holds the record {Shown.Name(record.Name)} twice.");
        }
    }
}
