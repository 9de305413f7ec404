using FreezeBench.Results.Checks;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;

namespace FreezeBench.Results.Tests.Rows;

/// <summary>Two files that belong together, whenever their writer dies.</summary>
public sealed class FolderCommitTests : IDisposable
{
    private static readonly string[] names = ["samples.csv", "benchmarks.csv"];

    private readonly Temporary temporary = new();

    private string Folder => Path.Combine(temporary.Folder, Examples.Cpu.Id);

    private static RunStamp Stamp => Examples.Stamp with { EnvironmentId = Examples.Cpu.Id };

    private static BenchmarkRow Row => Examples.Measurement.ToRow(Stamp);

    private static SampleRow[] Samples => [.. Examples.Measurement.ToSampleRows(Stamp)];

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void WriterThatDiedBeforeTheList_LeavesTheOldFiles_AndTheNextOneTidies()
    {
        Begin();
        File.WriteAllText(Path.Combine(Folder, "samples.csv.abcd1234.xyz.tmp"), "half a li");
        Assert.Empty(Cases());
        new ResultStore(Folder).Append<SampleRow, BenchmarkRow>(Samples, [Row]);
        Assert.Equal(Samples.Length, Assert.Single(Cases()).SamplesMs.Count);
        Assert.Equal([".results.lock", "benchmarks.csv", "environment.json", "samples.csv"], Names());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void WriterThatDiedBehindTheList_HasWrittenAll_ForEveryReader(int moved)
    {
        Begin();
        DieBehindTheList(moved);
        // Nobody has moved anything, and nobody sees one file without the other.
        Assert.Equal(Samples.Length, Assert.Single(Cases()).SamplesMs.Count);
        Assert.DoesNotContain(ResultCheck.Run(temporary.Folder).Findings, finding => finding.Kind.Severity == Severity.Error || finding.Kind == FindingKind.StrayFile);
        Assert.Single(new ResultStore(Folder).Read<BenchmarkRow>());
        // The next writer completes it.
        new ResultStore(Folder).Append(Row with { RunId = "20260203T040506Z-00000001" });
        Assert.Equal([".results.lock", "benchmarks.csv", "environment.json", "samples.csv"], Names());
        Assert.Equal(2, new ResultStore(Folder).Read<BenchmarkRow>().Count);
        Assert.Equal(Samples.Length, new ResultStore(Folder).Read<SampleRow>().Count);
    }

    // A command that has ended reads its rows while another one on the same machine writes its last.
    [Fact]
    public void FileThatAWriterMoves_WhileItIsRead_IsReadInItsPlace()
    {
        Begin();
        DieBehindTheList(0);
        List<string> paths = [];
        var rows = FolderCommit.Read(Folder, BenchmarkRow.FileName, path =>
        {
            paths.Add(Path.GetFileName(path));
            FolderCommit.Complete(Folder);
            return ResultStore.Read<BenchmarkRow>(path);
        });
        Assert.Single(rows);
        Assert.Equal(["benchmarks.csv.dead.tmp", "benchmarks.csv"], paths);

        // So is one whose absence was seen; and one that is there and damaged is refused.
        DieBehindTheList(0);
        Assert.True(FolderCommit.Read(Folder, BenchmarkRow.FileName, path =>
        {
            FolderCommit.Complete(Folder);
            return File.Exists(path);
        }));
        DieBehindTheList(0);
        File.WriteAllText(Path.Combine(Folder, "benchmarks.csv.dead.tmp"), "no row");
        Assert.Contains("benchmarks.csv.dead.tmp, line 1", Assert.Throws<UserErrorException>(() => new ResultStore(Folder).Read<BenchmarkRow>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readers_FindEveryRow_WhileOthersWriteTwoFilesInOneStep()
    {
        Begin();
        var store = new ResultStore(Folder);
        store.Append<SampleRow, BenchmarkRow>(Samples, [Row]);
        var writing = Task.Run(() =>
        {
            foreach (var number in Enumerable.Range(1, 20))
                store.Append<SampleRow, BenchmarkRow>([.. Samples.Select(row => row with { RunId = RunOf(number) })], [Row with { RunId = RunOf(number) }]);
        }, TestContext.Current.CancellationToken);
        try
        {
            var most = 1;
            while (!writing.IsCompleted)
            {
                var rows = store.Read<BenchmarkRow>().Count;
                Assert.InRange(rows, most, 21);
                most = rows;
                Assert.NotEmpty(store.Read<SampleRow>());
            }
        }
        finally
        {
            await writing;
        }
        Assert.Equal(21, store.Read<BenchmarkRow>().Count);

        static string RunOf(int number) => $"20260203T040506Z-{number:x8}";
    }

    [Fact]
    public void FullDisk_InTheMiddle_LeavesTheOldFiles()
    {
        Begin();
        Assert.Throws<IOException>(() => FolderCommit.Write(Folder, [("samples.csv", stream => stream.Write([1])), ("benchmarks.csv", _ => throw new IOException("No space left on device"))]));
        Assert.Equal([".results.lock", "environment.json"], Names());
    }

    [Theory]
    [InlineData("samples.csv\t../other.csv.x.tmp\n")]
    [InlineData("../samples.csv\t../samples.csv.x.tmp\n")]
    [InlineData("samples.csv\tsecret.txt\n")]
    [InlineData("\u001b[2J\n")]
    public void ListThatNamesOtherFiles_IsRefused(string list)
    {
        Begin();
        File.WriteAllText(Path.Combine(Folder, FolderCommit.FileName), list);
        var message = Assert.Throws<UserErrorException>(() => new ResultStore(Folder).Append(Row)).Message;
        Assert.Contains("is damaged", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', message);
    }

    [Fact]
    public void ReadersNeedNoPermissionToWrite()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes of files are Unix's.");
        if (OperatingSystem.IsWindows())
            return;     // for the analyzer, which does not know that the line above ends the test
        Begin();
        new ResultStore(Folder).Append<SampleRow, BenchmarkRow>(Samples, [Row]);
        File.SetUnixFileMode(Path.Combine(Folder, FolderLock.FileName), UnixFileMode.None);
        Assert.Single(Cases());
        File.SetUnixFileMode(Path.Combine(Folder, FolderLock.FileName), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void LinkInACircle_InThePlaceOfTheLock_IsSaidAtOnce()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        Directory.CreateDirectory(Folder);
        File.CreateSymbolicLink(Path.Combine(Folder, FolderLock.FileName), Path.Combine(Folder, FolderLock.FileName));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Contains("cannot be written", Assert.Throws<UserErrorException>(() => new ResultStore(Folder).Append(Row)).Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10));
    }

    // Without the folder's lock they find samples whose case has no row: an error, whose remedy is to delete good rows.
    [Fact]
    public async Task Readers_SeeNoMomentInTheMiddleOfAWrite()
    {
        Begin();
        new ResultStore(Folder).Append<SampleRow, BenchmarkRow>(Samples, [Row]);
        Func<int>[] readers =
        [
            () => ResultCheck.Run(temporary.Folder).Count(Severity.Error),
            () => Cases().Count(measured => measured.SamplesMs.Count != Samples.Length) + Math.Abs(Cases().Count - 2),
            () => CheckedResults.Load(temporary.Folder).Environments.Single().Cases.Count - 2,
        ];
        foreach (var reader in readers)
            reader();
        List<Task<int>> reading;
        using (FolderLock.Take(Folder, TimeSpan.FromSeconds(10)))
        {
            AddARun(names[0]);
            reading = [.. readers.Select(reader => Task.Run(reader))];
            await Assert.ThrowsAsync<TimeoutException>(() => Task.WhenAny(reading).WaitAsync(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken));
            AddARun(names[1]);
        }
        Assert.All(await Task.WhenAll(reading), wrong => Assert.Equal(0, wrong));

        void AddARun(string name)
        {
            var path = Path.Combine(Folder, name);
            File.AppendAllLines(path, [.. File.ReadAllLines(path).Skip(1).Select(line => line.Replace(Stamp.RunId, "20260203T040506Z-00000001", StringComparison.Ordinal))]);
        }
    }

    private void Begin() => new ResultStore(Folder).WriteEnvironment(Examples.Cpu);

    private IReadOnlyList<MeasuredCase> Cases() => ResultSet.Load(temporary.Folder).Environments.Single().Cases;

    private IEnumerable<string?> Names() => Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    /// <summary>As a kill leaves it between two of the moves.</summary>
    private void DieBehindTheList(int moved)
    {
        using var elsewhere = new Temporary();
        new ResultStore(elsewhere.Folder).Append<SampleRow, BenchmarkRow>(Samples, [Row]);
        List<string> list = [];
        foreach (var (index, name) in names.Index())
        {
            list.Add($"{name}\t{name}.dead.tmp");
            File.Copy(Path.Combine(elsewhere.Folder, name), Path.Combine(Folder, index < moved ? name : $"{name}.dead.tmp"));
        }
        File.WriteAllText(Path.Combine(Folder, FolderCommit.FileName), string.Concat(list.Select(line => line + "\n")));
    }
}
