using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public class UserCacheTests
{
    [Theory]
    [InlineData(CacheSystem.Linux, "/x", "/x/freezebench")]
    [InlineData(CacheSystem.Linux, null, "/home/u/.cache/freezebench")]
    [InlineData(CacheSystem.Linux, "", "/home/u/.cache/freezebench")]
    [InlineData(CacheSystem.Linux, "relative", "/home/u/.cache/freezebench")]
    [InlineData(CacheSystem.MacOS, "/x", "/home/u/Library/Caches/freezebench")]
    [InlineData(CacheSystem.Windows, "/x", "/local/freezebench")]
    public void Folder_IsWhereTheSystemKeepsCaches(object system, string? variable, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The paths are written as Unix has them.");
        Assert.Equal(expected, UserCache.Find((CacheSystem)system, name => name == "XDG_CACHE_HOME" ? variable : null,
            folder => folder == Environment.SpecialFolder.UserProfile ? "/home/u" : "/local"));
    }

    [Fact]
    public void UserWithoutHome_HasNone() =>
        Assert.Null(UserCache.Find(CacheSystem.Linux, _ => null, _ => ""));

    [Fact]
    public void AnotherFolder_IsTakenAsItIs() => Assert.Equal(Path.Combine("here", "weights"), UserCache.Folder("weights", "here"));
}
