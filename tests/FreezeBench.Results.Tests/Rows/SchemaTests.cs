using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Results.Tests.Rows;

public sealed class SchemaTests : IDisposable
{
    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void OlderFile_IsReadWithUnknownsAndBroughtToTodaysColumns()
    {
        temporary.File("probe.csv", "schema_version,count\n1,7\n");
        var store = new ResultStore(temporary.Folder);

        Assert.Equal([new ProbeRow { SchemaVersion = 1, Count = 7, Note = "unknown", Extra = null }], store.Read<ProbeRow>());
        store.Append(new ProbeRow { SchemaVersion = 1, Count = 8, Note = "new", Extra = 0.5 });

        Assert.Equal("schema_version,count,note,extra\n1,7,unknown,unknown\n1,8,new,0.5\n", File.ReadAllText(Path.Combine(temporary.Folder, "probe.csv")));
    }

    [Theory]
    [InlineData("schema_version,count,surprise\n1,7,x\n", "line 1, column 3: 'surprise'")]
    [InlineData("schema_version,count,count\n1,7,7\n", "line 1, column 3: 'count' is there twice")]
    [InlineData("schema_version\n1\n", "line 1: column 'count' is missing")]
    [InlineData("", "column 'schema_version' is missing")]
    [InlineData("schema_version,count\n1,7\n1,seven\n", "line 3, column count: 'seven'")]
    [InlineData("schema_version,count\n1,\n", "line 2, column count: ''")]
    [InlineData("schema_version,count\n1,\"7\n8\"\n1,x\n", "line 2, column count")]
    [InlineData("schema_version,count\n1,99999999999\n", "line 2, column count")]
    [InlineData("schema_version,count\n1,7\n1\n", "line 3")]
    [InlineData("schema_version,count\n1,\"7\n", "line 2")]
    [InlineData("schema_version,count\n8,7\n", "line 2, column schema_version: it is 8")]
    [InlineData("schema_version,count,note\n1,7,a\u202eb\n", "line 2, column note: 'a\\u202eb' is not valid (text): a cell holds one line without control characters")]
    [InlineData("schema_version,count\n0,7\n", "line 2, column schema_version: it is 0")]
    [InlineData("schema_version,count,note\n1,7,x\n2,7,x\n", "line 3, column extra: the file has no such column, which rows of schema version 2 have.")]
    [InlineData("schema_version,count,extra\n1,7,NaN\n", "line 2, column extra: 'NaN'")]
    [InlineData("schema_version,count,extra\n1,7,\"1,5\"\n", "line 2, column extra: '1,5'")]
    public void BadFile_IsRefusedByPlace_AndAppendingLeavesIt(string text, string place)
    {
        var path = temporary.File("probe.csv", text);

        var error = Assert.Throws<UserErrorException>(() => ResultStore.Read<ProbeRow>(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Throws<UserErrorException>(() => new ResultStore(temporary.Folder).Append(new ProbeRow { SchemaVersion = 1, Count = 1, Note = "x", Extra = null }));
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void WindowsLineEndsByteOrderMarkAndOtherColumnOrder_AreRead()
    {
        var path = temporary.File("probe.csv", "\uFEFFcount,schema_version\r\n7,1\r\n");

        Assert.Equal(7, Assert.Single(ResultStore.Read<ProbeRow>(path)).Count);
    }

    [Fact]
    public void MissingFile_IsAUserErrorWithItsName() =>
        Assert.Contains("nowhere.csv", Assert.Throws<UserErrorException>(() => ResultStore.Read<ProbeRow>("nowhere.csv")).Message, StringComparison.Ordinal);

    internal sealed record ProbeRow : IResultRow
    {
        public static string FileName => "probe.csv";

        public static IReadOnlyList<string> Layout => ["schema_version count", "note extra"];

        public required int SchemaVersion { get; init; }

        public string RunId => "";

        public string EnvironmentId => "";

        public required int Count { get; init; }

        public required string Note { get; init; }

        public required double? Extra { get; init; }
    }
}
