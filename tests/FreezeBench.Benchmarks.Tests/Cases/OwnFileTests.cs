using FreezeBench.Benchmarks.Cases;
using FreezeBench.Faults;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Cases;

/// <summary>What a case's process leaves is read as carefully as a user's file.</summary>
public sealed class OwnFileTests : IDisposable
{
    private static readonly CaseSettings of = new CaseSize(4, 16).Of("step", "frozen", KernelKind.Fast);

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-own-").FullName;

    private string Record => Directory.GetFiles(folder, "*.json").Single();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Record_IsReadAsItWasWritten()
    {
        Write();

        Assert.Equal([1.5, 2.5], CaseRecord.Read(folder, "Step", of).Parts["forward"]);
    }

    [Fact]
    public void RecordThatIsCut_OrLargerThanAny_IsNoRecord_AndNothingOfItIsAllocated()
    {
        Write();
        File.WriteAllText(Record, File.ReadAllText(Record)[..^5]);
        Assert.Contains("cannot be read", Assert.Throws<InvalidOperationException>(() => CaseRecord.Read(folder, "Step", of)).Message, StringComparison.Ordinal);

        // With holes: it takes no room on the disk.
        using (var file = File.OpenWrite(Record))
            file.SetLength(1L << 40);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidOperationException>(() => CaseRecord.Read(folder, "Step", of));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);

        File.Delete(Record);
    }

    [Fact]
    public void RecordThatIsMissing_IsTold() =>
        Assert.Contains("left no record", Assert.Throws<InvalidOperationException>(() => CaseRecord.Read(folder, "Step", of)).Message, StringComparison.Ordinal);

    [Fact]
    public void Pipe_IsNotWaitedFor()
    {
        Assert.SkipUnless(SpecialFile.AreThere, "There are no pipes in folders.");
        var path = Path.Combine(folder, "pipe.json");
        SpecialFile.Put(SpecialFile.Pipe, path);

        Assert.Null(OwnFile.Json<CaseRecord>(path));
    }

    private void Write() => new CaseRecord(new Dictionary<string, IReadOnlyList<double>> { ["forward"] = [1.5, 2.5] }, PeakMemory: null)
    {
        BatchSize = 4,
        Parameters = new(1, 2, 3),
    }.Write(folder, "Step", of);
}
