using FreezeBench.Accuracy.Options;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Options;

public class SeedsTests
{
    [Fact]
    public void Seeds_KeepTheUsersOrder() => Assert.Equal([3, 0, int.MaxValue], RunLists.Seeds("3, 0 ,2147483647"));

    [Fact]
    public void EveryWrongSeed_HasALine()
    {
        var message = Assert.Throws<UserErrorException>(() => RunLists.Seeds("1,-1,2147483648,,1")).Message;

        Assert.Equal(
            [
                "--seeds has '-1'; a seed is a whole number from 0 to 2147483647.", "--seeds has '2147483648'; a seed is a whole number from 0 to 2147483647.",
                "--seeds has ''; a seed is a whole number from 0 to 2147483647.", "--seeds has 1 twice: the second run would be the first one again.",
            ],
            message.Split('\n'));
    }
}
