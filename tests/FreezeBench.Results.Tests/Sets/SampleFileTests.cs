using System.Text;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;

namespace FreezeBench.Results.Tests.Sets;

public sealed class SampleFileTests : IDisposable
{
    private const string Header = "schema_version,run_id,environment_id,framework,suite,policy,phase,backbone,dataset,resolution_px,batch_size,precision,memory_format,sample_index,operations,value_ms\n";
    private const string Case = "1,run,cpu,torchsharp,step,frozen,step,resnet18,synthetic,32,64,fp32,channels-last,";
    private const string Good = Header + Case + "0,1,2.5\n";

    private readonly Temporary temporary = new();

    /// <summary>What comes after a good row, and where the message says that it is wrong.</summary>
    public static TheoryData<string, string> Hostile { get; } = new()
    {
        { Case + "1,1,NaN\n", "line 3, column value_ms: 'NaN'" },
        { Case + "1,1,-Infinity\n", "line 3, column value_ms: '-Infinity'" },
        { Case + "1,1,1e999\n", "line 3, column value_ms: '1e999'" },
        { Case + "1,1,\n", "line 3, column value_ms: ''" },
        { Case + "1,1,\"1,5\"\n", "line 3, column value_ms: '1,5'" },
        { Case + "1,1,1.5.5\n", "line 3, column value_ms: '1.5.5'" },
        { Case + "1,1,unknown\n", "line 3, column value_ms: 'unknown'" },
        { Case + "1.0,1,3\n", "line 3, column sample_index: '1.0'" },
        { Case + "99999999999,1,3\n", "line 3, column sample_index: '99999999999'" },
        { Case + "1,x,3\n", "line 3, column operations: 'x'" },
        { Case + "1,1\n", "line 3, column 16: the row's cells are 15, the header's 16" },
        { Case + "1,1,3,4\n", "line 3, column 17: the row's cells are 17, the header's 16" },
        { "8" + Case[1..] + "1,1,3\n", "line 3, column schema_version: it is 8" },
        { Case.Replace("frozen", "", StringComparison.Ordinal) + "1,1,3\n", "line 3, column policy: ''" },
        { Case.Replace("frozen", "\"fro\nzen\"", StringComparison.Ordinal) + "1,1,3\n", "line 3, column policy: 'fro\\u000azen'" },
        { Case.Replace("frozen", "\u001b[2J", StringComparison.Ordinal) + "1,1,3\n", "line 3, column policy: '\\u001b[2J'" },
        { Case.Replace("frozen", "fro\"zen", StringComparison.Ordinal) + "1,1,3\n", "line 3, column 6: this is no well-formed CSV" },
        { Case.Replace("frozen", "\"fro\"zen", StringComparison.Ordinal) + "1,1,3\n", "line 3, column 6: this is no well-formed CSV" },
        { Case + "1,1,\"3\n" + Case + "2,1,4\n", "line 3, column 16: this is no well-formed CSV" },
        { Case + "1,1,3\n" + Case + "2,1,4", "line 4, column 16: the file ends without a line feed" },
        { Case + "1,1,3\n1,run,c", "line 4, column 3: the file ends without a line feed" },
        { Case + "1,1,3\r" + Case + "2,1,4\n", "line 3, column 16: a carriage return without a line feed" },
        { Case + "1,1,3\n\0" + Case + "2,1,4\n", "line 4, column 1: a NUL byte" },
        { Case + "1,1,3\n" + Case + "2,1,Ö\n", "line 4, column value_ms: 'Ö'" },
    };

    public void Dispose() => temporary.Dispose();

    [Theory]
    [MemberData(nameof(Hostile))]
    public void BadRow_IsRefusedByPlace_WithTheSameWordsOnBothWays(string rows, string place)
    {
        var path = temporary.File("samples.csv", Good + rows);

        var quick = Assert.Throws<UserErrorException>(() => Read(path, compact: true));
        var plain = Assert.Throws<UserErrorException>(() => Read(path, compact: false));

        Assert.Equal(plain.Message, quick.Message);
        Assert.StartsWith($"{path}, {place}", quick.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,1, 3.5 \n")]
    [InlineData("1,1,\"3.5\"\n")]
    [InlineData("+1,1,3.5E0\n")]
    [InlineData("\"1\",\"1\",3.5\n")]
    [InlineData("1,1,3.5\r\n")]
    [InlineData("1,1,3.5\n\n")]
    public void OddButValidNumber_IsTheSameOnBothWays(string cells)
    {
        var path = temporary.File("samples.csv", Good + Case + cells);

        Assert.Equal([2.5, 3.5], Assert.Single(Read(path, compact: true)).Value);
        Assert.Equal([2.5, 3.5], Assert.Single(Read(path, compact: false)).Value);
    }

    [Fact]
    public void ShortCut_GivesTheValuesOfTheWayOfAllRows()
    {
        MadeUpResults.Write(temporary.Folder, environments: 1, cases: 30, samples: 7, seed: 3);
        var path = Assert.Single(Directory.GetFiles(temporary.Folder, "samples.csv", SearchOption.AllDirectories));

        var (quick, plain) = (Read(path, compact: true), Read(path, compact: false));

        Assert.Equal(30, quick.Count);
        Assert.Equal(plain.Keys, quick.Keys);
        Assert.All(plain, entry => Assert.Equal(entry.Value, quick[entry.Key]));
    }

    [Fact]
    public void InterleavedCases_AreToldApart()
    {
        var other = Case.Replace("frozen", "fine-tune", StringComparison.Ordinal);
        var path = temporary.File("samples.csv", $"{Good}{other}0,1,9\n{Case}1,1,3\n{other}1,1,8\n{Case}2,1,4\n");

        Assert.Equal([[2.5, 3, 4], [9, 8]], Read(path, compact: true).Values);
    }

    [Fact]
    public void CaseWhoseNameOnlyBeginsLikeTheOneBefore_IsAnother()
    {
        // The same bytes up to a digit: 64 and 6, then an index that begins with the rest.
        var path = temporary.File("samples.csv", $"{Good}{Case.Replace("channels-last", "channels-last2", StringComparison.Ordinal)}0,1,9\n");

        Assert.Equal(2, Read(path, compact: true).Count);
    }

    [Fact]
    public void CasesThatDifferBehindTheSampleAlone_AreToldApart()
    {
        var header = Header.Replace("value_ms", "value_ms,kernels", StringComparison.Ordinal);
        var path = temporary.File("samples.csv", $"{header}{Case}0,1,1,fast\n{Case}1,1,2,fast\n{Case}0,1,7,plain\n{Case}1,1,8,plain\n{Case}2,1,3,fast\n{Case}2,1,9,\"plain\"\n");

        using (var rows = new RowReader<SampleRow>(path, new TextPool()))
            Assert.True(SampleFile.IsCompact(rows));
        Assert.Equal([[1, 2, 3], [7, 8, 9]], Read(path, compact: true).Values);
        Assert.Equal([[1, 2, 3], [7, 8, 9]], Read(path, compact: false).Values);
    }

    [Fact]
    public void SamplesOutOfOrder_AreOrderedByIndex_AndEqualIndicesKeepTheirOrder()
    {
        var path = temporary.File("samples.csv", $"{Header}{Case}2,1,30\n{Case}0,1,10\n{Case}2,1,31\n{Case}1,1,20\n{Case}-1,1,5\n");

        Assert.Equal([5, 10, 20, 30, 31], Assert.Single(Read(path, compact: true)).Value);
    }

    [Fact]
    public void MovedColumns_AreReadByName()
    {
        var path = temporary.File("samples.csv", $"value_ms,{Header.Replace(",value_ms", "", StringComparison.Ordinal)}2.5,{Case}0,1\n3.5,{Case}1,1\n");

        using var rows = new RowReader<SampleRow>(path, new TextPool());
        Assert.False(SampleFile.IsCompact(rows));
        Assert.Equal([2.5, 3.5], Assert.Single(SampleFile.Read(path, new TextPool(), new Dictionary<CaseKey, int>())).Value);
    }

    [Fact]
    public void ForgedSampleCount_ChangesNothing()
    {
        var path = temporary.File("samples.csv", Good);
        var key = Assert.Single(Read(path, compact: true)).Key;

        foreach (var promised in (int[])[int.MinValue, 0, int.MaxValue])
            Assert.Equal([2.5], SampleFile.Read(path, new TextPool(), new Dictionary<CaseKey, int> { [key] = promised })[key]);
    }

    [Fact]
    public void LatinOneText_IsRefusedByLineAndColumn()
    {
        var path = Path.Combine(temporary.Folder, "samples.csv");
        File.WriteAllBytes(path, [.. Encoding.UTF8.GetBytes(Good), .. Encoding.Latin1.GetBytes(Case.Replace("frozen", "Größe", StringComparison.Ordinal) + "1,1,3\n")]);

        Assert.StartsWith($"{path}, line 3, column 6: the file is not UTF-8: the byte 0xF6", Assert.Throws<UserErrorException>(() => Read(path, compact: true)).Message, StringComparison.Ordinal);
    }

    private static Dictionary<CaseKey, double[]> Read(string path, bool compact)
    {
        using var rows = new RowReader<SampleRow>(path, new TextPool());
        return SampleFile.Read(rows, new Dictionary<CaseKey, int>(), compact);
    }
}
