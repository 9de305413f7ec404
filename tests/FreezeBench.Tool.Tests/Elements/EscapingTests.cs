using FreezeBench.Tool.Elements;
using Xunit;

namespace FreezeBench.Tool.Tests.Elements;

public class EscapingTests
{
    [Theory]
    [InlineData("plain text, 12.5 ms (n = 7)", "plain text, 12.5 ms (n = 7)")]
    [InlineData("<b>", "&lt;b&gt;")]
    [InlineData("a \"b\" & 'c'", "a &quot;b&quot; &amp; &#39;c&#39;")]
    [InlineData("&amp;", "&amp;amp;")]
    [InlineData("größer – 大", "größer – 大")]
    [InlineData("two\nlines", "two lines")]
    public void Text_KeepsItsMeaning(string text, string expected) => Assert.Equal(expected, Escaping.Of(text));

    [Theory]
    [InlineData("a\u202Eb", "a[U+202E]b")]
    [InlineData("a\u2066b", "a[U+2066]b")]
    [InlineData("a\u200Bb", "a[U+200B]b")]
    [InlineData("a\u0000b", "a[U+0000]b")]
    [InlineData("a\u001Bb", "a[U+001B]b")]
    [InlineData("a\u2028b", "a[U+2028]b")]
    public void UnseenCharacter_IsWrittenOut(string text, string expected) => Assert.Equal(expected, Escaping.Of(text));

    [Fact]
    public void HalfACharacter_BecomesTheReplacementCharacter() => Assert.Equal("\uFFFD!", Escaping.Of("\uD800!"));

    [Fact]
    public void StyleOrScript_ThatWouldEndItsElement_IsRefused() => Assert.Throws<ArgumentException>(() => new Verbatim("x</script>"));
}
