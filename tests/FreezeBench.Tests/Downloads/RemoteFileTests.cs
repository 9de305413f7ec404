using FreezeBench.Downloads;
using Xunit;

namespace FreezeBench.Tests.Downloads;

public class RemoteFileTests
{
    [Theory]
    [InlineData("http://a/b", "../b", "01234567", 1L, "fileName")]
    [InlineData("http://a/b", "a\\b", "01234567", 1L, "fileName")]
    [InlineData("http://a/b", "", "01234567", 1L, "fileName")]
    [InlineData("http://a/b", "b", "0123456", 1L, "sha256")]
    [InlineData("http://a/b", "b", "0123456X", 1L, "sha256")]
    [InlineData("http://a/b", "b", "0123456A", 1L, "sha256")]
    [InlineData("file:///a/b", "b", "01234567", 1L, "uri")]
    [InlineData("http://a/b", "b", "01234567", 0L, "sizeBytes")]
    public void WrongParts_AreTheCallersMistake(string address, string name, string sha256, long size, string parameter) =>
        Assert.Equal(parameter, Assert.ThrowsAny<ArgumentException>(() => new RemoteFile(new Uri(address), name, sha256, size)).ParamName);
}
