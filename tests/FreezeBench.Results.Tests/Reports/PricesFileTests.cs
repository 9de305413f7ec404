using FreezeBench.Results.Reports;
using Xunit;

namespace FreezeBench.Results.Tests.Reports;

public sealed class PricesFileTests : IDisposable
{
    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [InlineData("p.csv", "name,price\n\"AMD EPYC, AVX2, 2 cores\",0.12\nNVIDIA H200,3.8\n")]
    [InlineData("p.json", "[{\"name\": \"AMD EPYC, AVX2, 2 cores\", \"price\": 0.12}, {\"price\": 3.8, \"name\": \"NVIDIA H200\"}]")]
    public void Prices_AreRead_BesideThoseOfTheCommandLine(string name, string text) => Assert.Equal(
        [("AMD EPYC, AVX2, 2 cores", 0.12), ("NVIDIA H200", 3.8), ("other", 1.0)],
        Prices.Parse(["other=1"], temporary.File(name, text)).EurPerHour.Select(price => (price.Key, price.Value)).OrderBy(price => price.Key, StringComparer.Ordinal));

    [Theory]
    [InlineData("p.csv", "name;price\na;1\n", "the header must be name,price")]
    [InlineData("p.csv", "name,price,currency\na,1,EUR\n", "the header must be name,price")]
    [InlineData("p.csv", "name,price\nAMD EPYC, AVX2,1\n", "line 2: its cells are 3, not 2")]
    [InlineData("p.csv", "name,price\na,1\nb,-2\n", "line 3 is 'b,-2'; it must be name,price with EUR per hour, 0 or more.")]
    [InlineData("p.csv", "name,price\na,1\nA,2\n", "line 3 names 'A' twice.")]
    [InlineData("p.csv", "name,price\nother,2\n", "line 2 names 'other' twice.")]
    [InlineData("p.csv", "name,price\n\"a,1\n", "cannot be read")]
    [InlineData("p.json", "[{\"name\": \"a\", \"price\": -1}]", "entry 1 is 'a,-1'")]
    [InlineData("p.json", "[{\"name\": \"a\"}]", "cannot be read")]
    [InlineData("p.json", "[{\"name\": null, \"price\": 1}]", "cannot be read")]
    [InlineData("p.json", "[{\"name\": \"a\", \"price\": 1, \"currency\": \"EUR\"}]", "cannot be read")]
    [InlineData("p.json", "{\"a\": 1}", "cannot be read")]
    [InlineData("p.txt", "name,price\na,1\n", "ends in neither .csv nor .json")]
    public void WhatIsNoListOfPrices_IsRefused(string name, string text, string message) =>
        Assert.Contains(message, Assert.Throws<UserErrorException>(() => Prices.Parse(["other=1"], temporary.File(name, text))).Message, StringComparison.Ordinal);

    [Fact]
    public void MissingFile_IsSaid() => Assert.Contains("cannot be read", Assert.Throws<UserErrorException>(() => Prices.Parse([], Path.Combine(temporary.Folder, "no.csv"))).Message, StringComparison.Ordinal);
}
