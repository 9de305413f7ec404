using FreezeBench.Results;
using FreezeBench.Weights.Files;
using Xunit;

namespace FreezeBench.Tests.Weights;

/// <summary>Feeds bytes to the reader and expects a refusal.</summary>
internal static class Refusal
{
    /// <returns>The reason, without the words that name the file.</returns>
    public static string Of(byte[] file)
    {
        var error = Assert.Throws<UserErrorException>(() => StateDictFile.Parse("x.pth", file));
        const string start = "The weights file 'x.pth' was not read: ";
        Assert.StartsWith(start, error.Message);
        return error.Message[start.Length..];
    }
}
