using Microsoft.Playwright;
using Xunit;

namespace FreezeBench.Tool.Tests.Browser;

/// <summary>The page as a browser shows it.</summary>
public sealed class ReportPageTests(BrowserFixture browser)
{
    private static readonly string page = Html.Page.Of(MadeUpReport.Of(2));

    [Fact]
    public async Task Page_LoadsWithoutComplaint_AndAsksNothingOfTheOutside()
    {
        await using var open = await browser.OpenAsync(page);

        Assert.Empty(open.Complaints);
        Assert.Equal("CSS1Compat", await open.Page.EvaluateAsync<string>("document.compatMode"));
        // The style was not refused by the page's own policy.
        Assert.Equal("grid", await open.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.plots')).display"));
    }

    [Fact]
    public async Task Headings_DescendInOrder_FromOneHeading()
    {
        await using var open = await browser.OpenAsync(page);

        var levels = await open.Page.EvaluateAsync<int[]>("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))");
        Assert.Equal(1, levels[0]);
        Assert.Single(levels, level => level == 1);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, $"h{pair.First} is followed by h{pair.Second}."));
    }

    [Fact]
    public async Task EveryPlot_HasTitleAndDescription_AndEveryTableACaption()
    {
        await using var open = await browser.OpenAsync(page);

        var plots = await open.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('svg')].map(s => s.getAttribute('aria-labelledby').split(' ').map(id => document.getElementById(id).textContent.trim()).join('|'))");
        Assert.NotEmpty(plots);
        Assert.All(plots, names => Assert.Matches(".+[|].+", names));
        Assert.Equal(0, await open.Page.EvaluateAsync<int>("[...document.querySelectorAll('table')].filter(t => !t.caption?.textContent.trim()).length"));
        Assert.Equal(0, await open.Page.EvaluateAsync<int>("[...document.querySelectorAll('th')].filter(t => !t.scope).length"));
        Assert.Equal(0, await open.Page.EvaluateAsync<int>("[...document.querySelectorAll('figure')].filter(f => !f.querySelector('figcaption')).length"));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(320)]
    [InlineData(1280)]
    public async Task Page_DoesNotScrollSideways(int width)
    {
        await using var open = await browser.OpenAsync(page, width);

        await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(d => d.open = true)");
        Assert.InRange(await open.Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth"), 1, width);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Texts_StandOutFromTheirBackground(ColorScheme scheme)
    {
        await using var open = await browser.OpenAsync(page, scheme: scheme);

        await open.Page.EvaluateAsync("document.querySelectorAll('details').forEach(d => d.open = true)");
        Assert.Empty(await open.Page.EvaluateAsync<string[]>(PageScripts.WeakTexts));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task ColoursOfPolicies_StandOutFromThePage(ColorScheme scheme)
    {
        await using var open = await browser.OpenAsync(page, scheme: scheme);

        Assert.Empty(await open.Page.EvaluateAsync<string[]>(PageScripts.WeakSwatches));
    }

    [Fact]
    public async Task Theme_FollowsTheSystem_AndTheSwitchTurnsIt()
    {
        await using var light = await browser.OpenAsync(page);
        await using var dark = await browser.OpenAsync(page, scheme: ColorScheme.Dark);
        const string Background = "getComputedStyle(document.body).backgroundColor";
        var (day, night) = (await light.Page.EvaluateAsync<string>(Background), await dark.Page.EvaluateAsync<string>(Background));

        Assert.NotEqual(day, night);
        await light.Page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        Assert.Equal(night, await light.Page.EvaluateAsync<string>(Background));
        Assert.Equal("true", await light.Page.Locator("#theme").GetAttributeAsync("aria-pressed"));
        await light.Page.Keyboard.PressAsync("Enter");
        Assert.Equal(day, await light.Page.EvaluateAsync<string>(Background));
    }

    [Fact]
    public async Task Table_SortsByValue_ByClickAndByKeyboard()
    {
        await using var open = await browser.OpenAsync(Html.Page.OfOne);
        // The first one is of machines.
        var table = open.Page.Locator("table.sortable").Nth(1);
        var head = table.Locator("thead th").Nth(1);
        async Task<double[]> Values() => await table.EvaluateAsync<double[]>("t => [...t.tBodies[0].rows].map(r => parseFloat(r.cells[1].innerText.replace(/^[~!]/, '')))");
        var before = await Values();

        await head.GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal("ascending", await head.GetAttributeAsync("aria-sort"));
        // 2.07 first and 268 before 1594: by value, not by letters.
        Assert.Equal(before.Order(), await Values());
        await open.Page.Keyboard.PressAsync("Space");
        Assert.Equal("descending", await head.GetAttributeAsync("aria-sort"));
        Assert.Equal(before.OrderDescending(), await Values());
        await table.Locator("thead th").Nth(0).GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal("none", await head.GetAttributeAsync("aria-sort"));
        Assert.Equal(MadeUpReport.Policies.Order(StringComparer.Ordinal), await table.EvaluateAsync<string[]>("t => [...t.tBodies[0].rows].map(r => r.cells[0].textContent)"));
        Assert.Empty(open.Complaints);
    }

    // The answer is to be seen without scrolling, on a laptop; on a phone the picture is.
    [Theory]
    [InlineData(1280, 900, ".conclusion >> nth=2")]
    [InlineData(400, 800, "figure >> nth=0")]
    public async Task FirstScreen_ShowsTheAnswer(int width, int height, string what)
    {
        await using var open = await browser.OpenAsync(Html.Page.Of(MadeUpReport.Of(2)), width: width);
        var box = await open.Page.Locator(what).BoundingBoxAsync();

        Assert.NotNull(box);
        Assert.True(box.Y + box.Height <= height, $"it ends at {box.Y + box.Height} px");
    }

    [Fact]
    public async Task WithoutScript_EverythingIsThere_AndNothingThatNeedsIt()
    {
        await using var open = await browser.OpenAsync(page, script: false);

        Assert.True(await open.Page.Locator("h1").IsVisibleAsync());
        Assert.True(await open.Page.Locator("table").First.IsVisibleAsync());
        Assert.False(await open.Page.Locator("#theme").IsVisibleAsync());
    }

    [Fact]
    public async Task LinkToAnEnvironment_OpensItsFold()
    {
        await using var open = await browser.OpenAsync(page);
        Assert.False(await open.Page.Locator("#e2").IsVisibleAsync());

        await open.Page.GetByRole(AriaRole.Link, new() { Name = "AMD EPYC 7001, AVX-512, 64 cores" }).ClickAsync();

        await Assertions.Expect(open.Page.Locator("#e2")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Print_ShowsWhatIsFolded_OnWhite()
    {
        await using var open = await browser.OpenAsync(page, scheme: ColorScheme.Dark);
        var folded = open.Page.Locator("details.sources table").First;
        Assert.False(await folded.IsVisibleAsync());

        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.Equal("visible", await open.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('details.sources'), '::details-content').contentVisibility"));
        Assert.True(await folded.EvaluateAsync<bool>("t => t.checkVisibility({ contentVisibilityAuto: true }) && t.getBoundingClientRect().height > 0"));
        Assert.False(await open.Page.Locator("header").IsVisibleAsync());
        Assert.Equal("rgb(253, 253, 252)", await open.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }

    [Fact]
    public async Task HostileNames_StayTexts()
    {
        foreach (var text in MadeUpReport.Hostile)
        {
            await using var open = await browser.OpenAsync(Html.Page.OfTexts(text), 400);

            Assert.Empty(open.Complaints);
            Assert.StartsWith("FreezeBench", await open.Page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal((0, 1), (await open.Page.Locator("img, [onmouseover], [onerror]").CountAsync(), await open.Page.Locator("script").CountAsync()));
            Assert.InRange(await open.Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth"), 1, 400);
        }
    }
}
