using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Results.Tests.Rows;

public sealed class RowFileTests : IDisposable
{
    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Rows_ComeWithTheirLines_EmptyLinesCounted()
    {
        var path = temporary.File("probe.csv", "schema_version,count\r\n1,7\r\n\r\n\r\n1,\"8\"\r\n");

        Assert.Equal([(2L, 7), (5L, 8)], RowFile.Rows<SchemaTests.ProbeRow>(path).Select(line => (line.Line, line.Row.Count)));
    }

    [Fact]
    public void RowsBeforeAFault_AreReturned_AndTheFileIsReadAnewEachTime()
    {
        var rows = RowFile.Rows<SchemaTests.ProbeRow>(temporary.File("probe.csv", "schema_version,count\n1,7\n1,x\n"));

        Assert.Equal(7, rows.First().Row.Count);
        Assert.Equal(7, rows.First().Row.Count);
        Assert.Throws<UserErrorException>(rows.ToList);
    }

    [Fact]
    public void HeaderAlone_HasNoRows() =>
        Assert.Empty(RowFile.Rows<SchemaTests.ProbeRow>(temporary.File("probe.csv", "schema_version,count\n")));

    [Theory]
    [InlineData("schema_version,count", "line 1, column 2: the file ends without a line feed")]
    [InlineData("schema_version,count\n1,7\n1,", "line 3, column 2: the file ends without a line feed")]
    [InlineData("schema_version,count\n1,7\n1,8", "line 3, column 2: the file ends without a line feed")]
    [InlineData("schema_version,count\n1\n", "line 2, column 2: the row's cells are 1, the header's 2")]
    [InlineData("schema_version,count\n1,7,8\n", "line 2, column 3: the row's cells are 3, the header's 2")]
    [InlineData("schema_version,co\"unt\n1,7\n", "line 1, column 2: this is no well-formed CSV")]
    [InlineData("schema_version,\u001b[31m\n1,7\n", "line 1, column 2: '\\u001b[31m' is no column")]
    [InlineData("schema_version,count,note\n1,7,a\n1,8,\"b\u0007\"\n", "line 3, column note: 'b\\u0007' is not valid")]
    [InlineData("schema_version;count\n1;7\n", "line 1: its cells are set apart by ';' instead of commas: a spreadsheet has saved it")]
    [InlineData("{\"rows\": []}\n", "line 1, column 1")]
    public void BadFile_IsRefusedByLineAndColumn(string text, string place)
    {
        var path = temporary.File("probe.csv", text);

        Assert.StartsWith($"{path}, {place}", Refusal<SchemaTests.ProbeRow>(path), StringComparison.Ordinal);
    }

    [Fact]
    public void HeaderOfAnotherFile_IsNamed()
    {
        var path = temporary.File("samples.csv", RowTable<BenchmarkRow>.Header);

        Assert.Equal($"{path}, line 1, column 1: this is the header of benchmarks.csv, not of samples.csv. Give the file its name back.", Refusal<SampleRow>(path));
    }

    [Fact]
    public void RecordBeyondTheLimit_IsRefusedWithoutReadingTheFileToItsEnd()
    {
        var path = temporary.File("probe.csv", $"schema_version,count\n1,7\n1,\"{new string('x', 4 << 20)}\n");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Refusal<SchemaTests.ProbeRow>(path);

        Assert.StartsWith($"{path}, line 3, column ", refusal, StringComparison.Ordinal);
        Assert.InRange(refusal.Length, 1, 500);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);
    }

    [Fact]
    public void LongCell_IsCutInTheMessage()
    {
        var path = temporary.File("probe.csv", $"schema_version,count\n1,{new string('9', 100_000)}\n");

        Assert.InRange(Refusal<SchemaTests.ProbeRow>(path).Length, 100, 500);
    }

    [Fact]
    public void AppendingToACutFile_IsRefused_AndLeavesIt()
    {
        var store = new ResultStore(temporary.Folder);
        store.Append(Examples.Accuracy(1));
        var path = Path.Combine(temporary.Folder, AccuracyRow.FileName);
        var cut = File.ReadAllBytes(path)[..^3];
        File.WriteAllBytes(path, cut);

        Assert.Contains("line 2, column ", Assert.Throws<UserErrorException>(() => store.Append(Examples.Accuracy(2))).Message, StringComparison.Ordinal);
        Assert.Equal(cut, File.ReadAllBytes(path));
        Assert.Equal([".results.lock", "accuracy.csv"], Directory.EnumerateFiles(temporary.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void FileBeingReplaced_IsReadAsItWas()
    {
        var store = new ResultStore(temporary.Folder);
        store.Append(Enumerable.Range(1, 2000).Select(Examples.Accuracy).ToList());
        using var rows = RowFile.Rows<AccuracyRow>(Path.Combine(temporary.Folder, AccuracyRow.FileName)).GetEnumerator();
        Assert.True(rows.MoveNext());
        store.Append(Examples.Accuracy(2001));

        var count = 1;
        while (rows.MoveNext())
            count++;
        Assert.Equal(2000, count);
    }

    private static string Refusal<TRow>(string path) where TRow : IResultRow =>
        Assert.Throws<UserErrorException>(() => RowFile.Rows<TRow>(path).Count()).Message;
}
