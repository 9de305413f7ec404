using System.Text;
using FreezeBench.Weights.Files;
using Xunit;

namespace FreezeBench.Tests.Weights;

/// <summary>Safetensors headers that break the format's rules.</summary>
public class SafetensorsTests
{
    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'b' begins at byte 4 of the data where 8 is due: an overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", 16, "'b' begins at byte 12 of the data where 8 is due: a gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "where 0 is due: a gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "its tensors end at byte 8 of 9 bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "its tensors end at byte 8 of 7 bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "not valid")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "not valid")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\u0061":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", 8, "not valid")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "is 12 bytes of float32; its data_offsets are 0 and 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "its data_offsets are 8 and 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "its data_offsets are -8 and 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "the negative size -2")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "larger than any memory")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,2],"data_offsets":[0,8]}}""", 8, "larger than any memory")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}}""", 8, "in whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "in whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", 8, "in whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,16]}}""", 8, "two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "two data_offsets")]
    [InlineData("""{"a":{"dtype":1,"shape":[2],"data_offsets":[0,8]}}""", 8, "needs dtype")]
    [InlineData("""{"a":1}""", 8, "needs dtype")]
    [InlineData("""{"a":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}""", 8, "entry 'a' is 'I32'; these types are read: float32")]
    [InlineData("""{"a":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""", 8, "entry 'a' is 'f32'")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "not a map of strings")]
    [InlineData("""{"__metadata__":"a"}""", 0, "not a map of strings")]
    [InlineData("""{}""", 0, "it holds no tensor.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[[[[2]]]]],"data_offsets":[0,8]}}""", 8, "not valid")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x""", 8, "not valid")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8, "not valid")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "not valid")]
    [InlineData("""{"a":{"dtype":"\ud800","shape":[2],"data_offsets":[0,8]}}""", 8, "not valid")]
    public void BrokenHeader_IsRefused(string header, int dataBytes, string reason) => Assert.Contains(reason, Refusal.Of(File(header, dataBytes)));

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(3UL)]
    [InlineData(1UL << 63)]
    public void HeaderSizeThatLies_IsRefused(ulong size) =>
        Assert.Contains($"claims {size} bytes; the file has 10", Refusal.Of([.. BitConverter.GetBytes(size), .. "{}"u8]));

    [Fact]
    public void MoreEntriesThanANetworkHas_AreRefused_BeforeMuchMemoryIsTaken()
    {
        var few = "{" + string.Join(',', Enumerable.Range(0, 20_001).Select(entry => $"\"{entry}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}")) + "}";
        Assert.Contains("no network has more than 20000 entries", Refusal.Of(File(few, 0)));
        var before = GC.GetTotalAllocatedBytes();
        Assert.Contains("no network needs more than 4000000", Refusal.Of(File("{" + new string(' ', 5_000_000) + "}", 0)));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100_000_000);
    }

    [Fact]
    public void NameThatIsNotUtf8_IsRefused()
    {
        var file = File("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8);
        file[10] = 0xff;
        Assert.Contains("not valid", Refusal.Of(file));
    }

    [Fact]
    public void EntriesKeepTheOrderOfTheHeader_NotOfTheData()
    {
        var file = File("""{"b":{"dtype":"I64","shape":[],"data_offsets":[4,12]},"e":{"dtype":"F64","shape":[0,5],"data_offsets":[4,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   """, 12);
        var entries = StateDictFile.Parse("x", file).Entries;
        Assert.Equal(["b", "e", "a"], entries.Select(entry => entry.Name));
        Assert.Equal([8, 0, 4], entries.Select(entry => entry.ToBytes().Length));
    }

    private static byte[] File(string header, int dataBytes)
    {
        var utf8 = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((ulong)utf8.Length), .. utf8, .. new byte[dataBytes]];
    }
}
