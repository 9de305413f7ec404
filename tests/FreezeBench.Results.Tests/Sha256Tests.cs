using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace FreezeBench.Results.Tests;

public class Sha256Tests
{
    // FIPS 180-4's examples, as NIST publishes them.
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void WithoutTheSystems_TheExamplesOfTheStandardComeOut(string text, string hash)
    {
        using var computed = new Sha256(computeHere: true);
        computed.Append(Encoding.ASCII.GetBytes(text));

        Assert.Equal(hash, Convert.ToHexStringLower(computed.Finish()));
    }

    // Every length around the ends of blocks and of the place for the length.
    [Fact]
    public void WithoutTheSystems_EveryLengthAndEveryCutGivesTheSystemsHash()
    {
        var bytes = new byte[300];
        new Random(1).NextBytes(bytes);
        foreach (var length in Enumerable.Range(0, bytes.Length))
        {
            using var computed = new Sha256(computeHere: true);
            foreach (var piece in bytes[..length].Chunk(1 + length % 97))
                computed.Append(piece);
            Assert.Equal(SHA256.HashData(bytes.AsSpan(0, length)), computed.Finish());
        }
    }

    [Fact]
    public void BytesAndStreams_HaveOneHash()
    {
        var bytes = new byte[200_000];
        new Random(2).NextBytes(bytes);
        using var stream = new MemoryStream(bytes);

        Assert.Equal(SHA256.HashData(bytes), Sha256.HashData(bytes));
        Assert.Equal(SHA256.HashData(bytes), Sha256.HashData(stream));
    }
}
