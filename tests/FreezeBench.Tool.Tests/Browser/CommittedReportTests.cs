using System.Buffers.Binary;
using Xunit;

namespace FreezeBench.Tool.Tests.Browser;

/// <summary>The report of the repository's own results, as it is committed.</summary>
public sealed class CommittedReportTests(BrowserFixture browser)
{
    private static readonly string folder = Path.Combine(Repository.Root, "results");

    [Fact]
    public async Task Report_OpensWithoutComplaint_AndThePictureOfItsFirstScreenIsThere()
    {
        var html = await File.ReadAllTextAsync(Path.Combine(folder, "report.html"), TestContext.Current.CancellationToken);
        var picture = Path.Combine(folder, "report.png");

        await using var open = await browser.OpenAsync(html);

        Assert.Empty(open.Complaints);
        if (Environment.GetEnvironmentVariable("FREEZEBENCH_UPDATE_GOLDENS") == "1")
            await open.Page.ScreenshotAsync(new() { Path = picture });
        // The header of a PNG holds width and height as bytes 16 to 23; a picture of pixels depends on the fonts of its machine.
        var bytes = await File.ReadAllBytesAsync(picture, TestContext.Current.CancellationToken);
        Assert.Equal((1280, 900), (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20))));
    }
}
