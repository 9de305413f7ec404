using System.IO.Compression;
using FreezeBench.Faults;
using FreezeBench.Results;
using FreezeBench.Weights.Files;
using Xunit;

namespace FreezeBench.Tests.Weights;

/// <summary>
/// Damages every golden file in many ways: it is read or refused with a message, in bounded memory. Anything else that
/// escapes (an index, an overflow, out of memory) fails the test, with what it takes to do it again.
/// </summary>
[Trait("Category", FaultAmounts.Category)]
public class MutatedFilesTests
{
    private const int MutantsPerFile = 100;

    // A refusal costs some kB for the exception's stack trace. Beyond that, reading takes objects for names, shapes and lists:
    // at most 19 times the file's size over a million mutants. Believing a damaged size would take far more.
    private const int FixedBytes = 40_000;
    private const int BytesPerFileByte = 30;

    private static readonly string[] zipFiles = ["zip-protocol2-model-module.pth", "zip-protocol4-plain.pth", "zip-big-endian.pt"];

    private static IEnumerable<string> GoldenFiles => WeightsGoldens.Files.Select(file => file.File);

    [Fact]
    public void Mutant_IsReadOrRefused_InBoundedMemory()
    {
        var tally = new FaultTally("weights: damaged files");
        foreach (var name in GoldenFiles)
        {
            var original = File.ReadAllBytes(WeightsGoldens.PathOf(name));
            TryMutants(name, random => Mutation.Of(original, random), tally);
        }
        tally.Conclude();
    }

    /// <summary>In a zip archive the checksum catches most damage; a hostile writer makes it fit.</summary>
    [Fact]
    public void MutantRecord_WithFittingChecksum_IsReadOrRefused()
    {
        var tally = new FaultTally("weights: damaged records with fitting checksums");
        foreach (var name in zipFiles)
        {
            using var archive = ZipFile.OpenRead(WeightsGoldens.PathOf(name));
            var records = archive.Entries.Select(entry => (entry.FullName, Content: Content(entry))).ToList();
            TryMutants(name, random =>
            {
                var chosen = random.Next(2) == 0 ? records.FindIndex(record => record.FullName.EndsWith("data.pkl", StringComparison.Ordinal)) : random.Next(records.Count);
                var zip = new ZipBuilder();
                for (var index = 0; index < records.Count; index++)
                    zip.Add(records[index].FullName, index == chosen ? Mutation.Of(records[index].Content, random) : records[index].Content);
                return zip.End();
            }, tally);
        }
        tally.Conclude();
    }

    private static void TryMutants(string name, Func<Random, byte[]> mutate, FaultTally tally)
    {
        foreach (var seed in FaultAmounts.Seeds(MutantsPerFile))
        {
            var mutant = mutate(new Random(seed));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Record.Exception(() => ReadEverything(mutant));
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (error is not null and not UserErrorException)
                tally.Crashed(seed, $"{name}: {error}");
            else if (allocated > FixedBytes + ((long)BytesPerFileByte * mutant.Length))
                tally.Lost(seed, $"{name}: {allocated} bytes allocated for a file of {mutant.Length}.");
            else if (error is not null && (!error.Message.StartsWith("The weights file 'mutant' was not read: ", StringComparison.Ordinal) || error.Message.Length is < 50 or > 3000 || error.Message.Any(char.IsControl)))
                tally.Lost(seed, $"{name}: {error.Message}");
            else if (error is not null)
                tally.Refused();
            else
                tally.Accepted();
        }
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var content = new byte[entry.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static void ReadEverything(byte[] file)
    {
        foreach (var entry in StateDictFile.Parse("mutant", file).Entries)
            entry.ToBytes();
    }
}
