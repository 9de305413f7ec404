using System.Text.Json;
using Xunit;

namespace FreezeBench.Results.Tests;

public class StrictJsonTests
{
    [Theory]
    [InlineData("{\"Name\":\"a\",\"Parts\":[\"b\"]}", true)]
    [InlineData("{\"Name\":\"a\"}", false)]
    [InlineData("{\"Parts\":[\"b\"]}", false)]
    [InlineData("{\"Name\":null,\"Parts\":[\"b\"]}", false)]
    [InlineData("{\"Name\":\"a\",\"Parts\":[null]}", false)]
    [InlineData("{\"Name\":\"a\",\"Name\":\"a\",\"Parts\":[\"b\"]}", false)]
    [InlineData("{\"Name\":\"\\ud800\",\"Parts\":[\"b\"]}", false)]
    public void WhatIsRead_CanBeUsed(string json, bool isRead)
    {
        if (isRead)
            Assert.Equal("a", StrictJson.Read<Record>(json)!.Name);
        else
            Assert.ThrowsAny<JsonException>(() => StrictJson.Read<Record>(json));
    }

    // Whoever brings options of his own keeps to the same.
    [Fact]
    public void OptionsThatAllowMore_AreRefused() => Assert.All(
        new JsonSerializerOptions[]
        {
            new() { AllowDuplicateProperties = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true },
            new() { AllowDuplicateProperties = false, RespectNullableAnnotations = false, RespectRequiredConstructorParameters = true },
            new() { AllowDuplicateProperties = false, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = false },
        },
        options => Assert.Throws<ArgumentException>(() => StrictJson.Read<Record>("{}", options)));

    private sealed record Record(string Name, IReadOnlyList<string> Parts);
}
