using Xunit;

namespace FreezeBench.Results.Tests;

public class ForeignTextTests
{
    [Theory]
    [InlineData("plain é 漢字 👩", "plain é 漢字 👩")]
    [InlineData("\u001b]0;title\u0007", @"\u001b]0;title\u0007")]
    [InlineData("a\nb\tc\u009b", @"a\u000ab\u0009c\u009b")]
    [InlineData("right\u202eleft\u2028", @"right\u202eleft\u2028")]
    public void WhatSteersATerminal_IsEscaped(string text, string shown) => Assert.Equal(shown, ForeignText.Shown(text));

    [Theory]
    [InlineData("two\n\tlines\r\n", "two\n\tlines\r\n")]
    [InlineData("\u001b[1;32mgreen\u001b[0m \u001b[2K\u001b[3A\u001b[?25l\u001b[?25h", "\u001b[1;32mgreen\u001b[0m \u001b[2K\u001b[3A\u001b[?25l\u001b[?25h")]
    [InlineData("\u001b]0;title\u0007\u001b[31m", "\\u001b]0;title\\u0007\u001b[31m")]
    [InlineData("\u001b[2J\u001b[H\u001bc\u009b2J\u202e", "\\u001b[2J\\u001b[H\\u001bc\\u009b2J\\u202e")]
    public void TerminalGetsOurOwnCodes_AndNoOthers(string text, string shown) => Assert.Equal(shown, ForeignText.OnTerminal(text));

    [Fact]
    public void LongText_IsCut()
    {
        Assert.Equal(new string('x', 120) + "…", ForeignText.Shown(new string('x', 1_000_000)));
        Assert.Equal(201, ForeignText.Message(string.Concat(Enumerable.Repeat("line\n", 10_000))).Split('\n').Length);
    }

    [Fact]
    public void HalfASurrogatePair_IsNotWritten() => Assert.Equal("a\uFFFDb", ForeignText.Shown("a\ud800b\u0001").Replace(@"\u0001", "", StringComparison.Ordinal));

    [Fact]
    public void EveryErrorOfTheUsersWorld_KeepsItsLines_AndSteersNothing()
    {
        var error = new UserErrorException("‹The file› a\u001b[2Jb\nsecond\r\nthird\u0007");
        Assert.Equal("The file a\\u001b[2Jb\nsecond\nthird\\u0007", error.Message);
        Assert.Equal("‹The file› a\\u001b[2Jb\nsecond\nthird\\u0007", error.MarkedMessage);
    }
}
