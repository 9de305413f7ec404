using System.IO.Compression;
using FreezeBench.Results;
using FreezeBench.Tests.Weights.Files;
using FreezeBench.Weights.Files;
using Xunit;

namespace FreezeBench.Tests.Weights;

/// <summary>
/// Damages every golden file in many ways: it is read or refused with a message, in bounded memory. Anything else that
/// escapes (an index, an overflow, out of memory) fails the test, with what it takes to do it again.
/// </summary>
public class MutatedFilesTests
{
    private const int MutantsPerFile = 400;

    // A refusal costs some kB for the exception's stack trace. Beyond that, reading takes objects for names, shapes and lists:
    // at most 19 times the file's size over a million mutants. Believing a damaged size would take far more.
    private const int FixedBytes = 40_000;
    private const int BytesPerFileByte = 30;

    public static TheoryData<string> GoldenFiles => StateDictFileTests.GoldenFiles;

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void Mutant_IsReadOrRefused_InBoundedMemory(string name)
    {
        var original = File.ReadAllBytes(WeightsGoldens.PathOf(name));
        TryMutants(name, random => Mutate(original, random));
    }

    /// <summary>In a zip archive the checksum catches most damage; a hostile writer makes it fit.</summary>
    [Theory]
    [InlineData("zip-protocol2-model-module.pth")]
    [InlineData("zip-protocol4-plain.pth")]
    [InlineData("zip-big-endian.pt")]
    public void MutantRecord_WithFittingChecksum_IsReadOrRefused(string name)
    {
        using var archive = ZipFile.OpenRead(WeightsGoldens.PathOf(name));
        var records = archive.Entries.Select(entry => (entry.FullName, Content: Content(entry))).ToList();
        TryMutants(name, random =>
        {
            var chosen = random.Next(2) == 0 ? records.FindIndex(record => record.FullName.EndsWith("data.pkl", StringComparison.Ordinal)) : random.Next(records.Count);
            var how = "";
            var zip = new ZipBuilder();
            for (var index = 0; index < records.Count; index++)
            {
                var content = records[index].Content;
                if (index == chosen && content.Length > 0) (content, how) = Mutate(content, random);
                zip.Add(records[index].FullName, content);
            }
            return (zip.End(), $"{records[chosen].FullName}: {how}");
        });
    }

    private static void TryMutants(string name, Func<Random, (byte[] Mutant, string How)> mutate)
    {
        var seed = name.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));
        var random = new Random(seed);
        for (var number = 0; number < MutantsPerFile; number++)
        {
            var (mutant, how) = mutate(random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ReadEverything(mutant);
            }
            catch (UserErrorException error)
            {
                Assert.StartsWith("The weights file 'mutant' was not read: ", error.Message);
                Assert.InRange(error.Message.Length, 50, 3000);
                Assert.DoesNotContain(error.Message, char.IsControl);
            }
            catch (Exception escaped)
            {
                Assert.Fail($"{name}, seed {seed}, mutant {number} ({how}): {escaped}");
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= FixedBytes + ((long)BytesPerFileByte * mutant.Length), $"{name}, mutant {number} ({how}): {allocated} bytes allocated.");
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

    private static (byte[] Mutant, string How) Mutate(byte[] original, Random random)
    {
        // Half of the places in the first or last part of the file, where the structure is and not the weights.
        var edge = Math.Min(original.Length, 3000);
        var place = random.Next(4) switch
        {
            0 => random.Next(edge),
            1 => original.Length - 1 - random.Next(edge),
            _ => random.Next(original.Length),
        };
        switch (random.Next(6))
        {
            case 0:
                return (original[..place], $"cut off at {place}");
            case 1:
                var inserted = new byte[random.Next(1, 9)];
                random.NextBytes(inserted);
                return ([.. original[..place], .. inserted, .. original[place..]], $"{inserted.Length} bytes inserted at {place}");
            case 2:
                var end = Math.Min(original.Length, place + random.Next(1, 9));
                return ([.. original[..place], .. original[end..]], $"{end - place} bytes removed at {place}");
            case 3:
                // The largest numbers: sizes, counts and offsets near their limits.
                var large = (byte[])original.Clone();
                for (var next = place; next < Math.Min(large.Length, place + 8); next++)
                    large[next] = (byte)(next == place + 7 ? 0x7f : 0xff);
                return (large, $"8 bytes set high at {place}");
            default:
                var flipped = (byte[])original.Clone();
                flipped[place] = (byte)random.Next(256);
                return (flipped, $"byte {place} set to {flipped[place]}");
        }
    }
}
