using System.Text;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Results.Tests.Rows;

public sealed class StrictTextTests
{
    /// <summary>Larger than the blocks that are read at once, so that a text has a place where two of them meet.</summary>
    private const int BeyondABlock = (1 << 16) + 10;

    [Theory]
    [InlineData("")]
    [InlineData("a,b\n")]
    [InlineData("a,b\r\nc,d\r\n")]
    [InlineData("\uFEFFGröße,猫,𝄞\n")]
    public void Text_ComesThroughUnchanged_HoweverSmallThePieces(string text)
    {
        foreach (var piece in (int[])[1, 2, 3, 5, 100_000])
            Assert.Equal(text, Encoding.UTF8.GetString(Read(Encoding.UTF8.GetBytes(text), piece)));
    }

    [Theory]
    [InlineData("ö")]
    [InlineData("猫")]
    [InlineData("𝄞")]
    [InlineData("\r\n")]
    public void CharacterAcrossTwoBlocks_ComesThrough(string character)
    {
        for (var before = BeyondABlock - 20; before < BeyondABlock; before++)
        {
            var text = $"{new string('x', before)}{character}{new string('y', 100)}\n";
            Assert.Equal(text, Encoding.UTF8.GetString(Read(Encoding.UTF8.GetBytes(text), 100_000)));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0xF6, 0x62 }, "not UTF-8: the byte 0xF6")]
    [InlineData(new byte[] { 0x61, 0xC0, 0x80 }, "not UTF-8: the byte 0xC0")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "not UTF-8: the byte 0xED")]
    [InlineData(new byte[] { 0x61, 0x00, 0x62 }, "a NUL byte")]
    [InlineData(new byte[] { 0x61, 0x0D, 0x62 }, "a carriage return without a line feed")]
    public void BadByte_IsRefusedByLineAndColumn_WhereverTheBlocksEnd(byte[] bad, string reason)
    {
        foreach (var before in (int[])[0, 5, BeyondABlock - 12, BeyondABlock - 11, BeyondABlock - 10, BeyondABlock - 9, 3 * BeyondABlock])
        {
            byte[] bytes = [.. Encoding.UTF8.GetBytes($"first,line\nsecond,\"a,b\n\",{new string('x', before)}"), .. bad, .. "\n"u8];

            var error = Assert.Throws<UserErrorException>(() => Read(bytes, 100_000));
            Assert.StartsWith("x.csv, line 3, column 3: ", error.Message, StringComparison.Ordinal);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0x2C, 0xE7, 0x8C }, "line 1, column 2: the file is not UTF-8")]
    [InlineData(new byte[] { 0x61, 0x2C, 0x0D }, "line 1, column 2: a carriage return without a line feed")]
    [InlineData(new byte[] { 0x61, 0x0A, 0x62 }, "line 2, column 1: the file ends without a line feed")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF }, "the file ends without a line feed")]
    public void CutFile_IsRefused(byte[] bytes, string reason) =>
        Assert.Contains(reason, Assert.Throws<UserErrorException>(() => Read(bytes, 100_000)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    public void OtherEncoding_IsNamed(string name, bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes("a,b\n")];

        Assert.Contains($"the file is {name[..6].ToUpperInvariant()}. Save it as UTF-8", Assert.Throws<UserErrorException>(() => Read(bytes, 100_000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GoodBytesInFrontOfABadOne_AreReadFirst()
    {
        using var text = new StrictText("x.csv", new MemoryStream([.. "good\n"u8, 0xFF, .. "more\n"u8]));
        var buffer = new byte[100];

        Assert.Equal(5, text.Read(buffer));
        Assert.Throws<UserErrorException>(() => text.Read(buffer));
    }

    private static byte[] Read(byte[] bytes, int piece)
    {
        using var text = new StrictText("x.csv", new MemoryStream(bytes));
        List<byte> read = [];
        var buffer = new byte[piece];
        while (text.Read(buffer) is var count and > 0)
            read.AddRange(buffer.AsSpan(0, count));
        return [.. read];
    }
}
