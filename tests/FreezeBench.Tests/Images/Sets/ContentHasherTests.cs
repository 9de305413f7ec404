using System.Security.Cryptography;
using FreezeBench.Images;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Sets;

public class ContentHasherTests
{
    [Fact]
    public void Hash_IsSha256OfLabelsThenPixels()
    {
        using var images = tensor(new byte[] { 1, 2, 3, 4, 5, 6 }).reshape(2, 3, 1, 1);
        using var labels = tensor(new long[] { 1, 258 });

        // printf '\1\0\0\0\0\0\0\0\2\1\0\0\0\0\0\0\1\2\3\4\5\6' | sha256sum
        Assert.Equal("a31759a46e319007cada6af3e697423ba3e06aaa1d938018f92daac1c60c60ff", ContentHasher.Hash(images, labels));
    }

    [Fact]
    public void Hash_IsTheSame_ForASetLargerThanOneChunk()
    {
        const int Count = 4096 + 5;
        using var images = arange(Count * 3).remainder(251).to(ScalarType.Byte).reshape(Count, 3, 1, 1);
        using var labels = arange(Count, ScalarType.Int64).remainder(10);
        byte[] bytes =
        [
            .. Enumerable.Range(0, Count).SelectMany(i => BitConverter.GetBytes((long)(i % 10))),
            .. Enumerable.Range(0, Count * 3).Select(i => (byte)(i % 251)),
        ];

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), ContentHasher.Hash(images, labels));
    }

    [Fact]
    public void Hash_IsOfTheValues_NotOfTheirMemoryLayout()
    {
        using var images = arange(48).to(ScalarType.Byte).reshape(1, 3, 4, 4);
        using var channelsLast = images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        using var labels = zeros(1, ScalarType.Int64);

        Assert.Equal(ContentHasher.Hash(images, labels), ContentHasher.Hash(channelsLast, labels));
    }

    [Fact]
    public void OnePixelOrOneLabel_ChangesTheHash()
    {
        using var images = zeros([2, 3, 2, 2], ScalarType.Byte);
        using var labels = zeros(2, ScalarType.Int64);
        var before = ContentHasher.Hash(images, labels);
        images[1, 2, 1, 1] = tensor((byte)1);
        var afterPixel = ContentHasher.Hash(images, labels);
        labels[1] = tensor(1L);

        Assert.NotEqual(before, afterPixel);
        Assert.NotEqual(afterPixel, ContentHasher.Hash(images, labels));
    }

    [Fact]
    public void HashOfFiles_IsSha256OfLabelsThenDigests()
    {
        byte[][] digests = [SHA256.HashData("a"u8), SHA256.HashData("b"u8)];
        // hashlib.sha256(struct.pack('<qq', 1, 258) + sha256(b'a').digest() + sha256(b'b').digest())
        Assert.Equal("b8b5340b2c7447b413e9b0c6b83c7a28cddd2ddd1f7ec497b38494fdafe404f2", FileHasher.Hash([1, 258], digests));
        Assert.NotEqual(FileHasher.Hash([1, 258], digests), FileHasher.Hash([1, 258], [digests[1], digests[0]]));
    }

    [Fact]
    public void Combine_DependsOnTheOrder()
    {
        // printf 'aa\nbb' | sha256sum
        Assert.Equal("80c0d5c7137871baa75af2038f350bf60a4d45a131a653d0eb93f3cda3d28609", FileHasher.Combine("aa", "bb"));
        Assert.NotEqual(FileHasher.Combine("aa", "bb"), FileHasher.Combine("bb", "aa"));
    }

    [Fact]
    public void Hash_LeavesNoTensorBehind()
    {
        using var data = SyntheticImages.Create(4, 4, 2, seed: 1, CPU);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ContentHasher.Hash(data.Images, data.Labels);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
