using Microsoft.Playwright;
using Xunit;

namespace FreezeBench.Tool.Tests.Browser;

/// <summary>The system's Chromium, started once for a class of tests; no browser is downloaded.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] names = ["chromium", "chromium-browser", "google-chrome", "chrome.exe"];

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-browser-").FullName;
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>The browser's program; null where there is none.</summary>
    private static string? Program => Environment.GetEnvironmentVariable("FREEZEBENCH_CHROMIUM") is { Length: > 0 } chosen ? chosen
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(place => names.Select(name => Path.Combine(place, name))).FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Program is not { } program)
            return;
        playwright = await Playwright.CreateAsync();
        // Without the sandbox, which does not start for root in a container; the pages are the test's own.
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.CloseAsync();
        playwright?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Opens a page from a file. The test is skipped where there is no browser.</summary>
    /// <param name="html">The page.</param>
    /// <param name="width">Width of the window in px.</param>
    /// <param name="scheme">What the system asks for: light or dark.</param>
    /// <param name="script">Whether scripts run.</param>
    internal async Task<OpenPage> OpenAsync(string html, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool script = true)
    {
        Assert.SkipWhen(browser is null, "No Chromium: neither FREEZEBENCH_CHROMIUM nor PATH names one.");
        var path = Path.Combine(folder, $"{Path.GetRandomFileName()}.html");
        await File.WriteAllTextAsync(path, html);
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, JavaScriptEnabled = script });
        var page = await context.NewPageAsync();
        List<string> complaints = [];
        page.Console += (_, message) => complaints.Add($"console: {message.Text}");
        page.PageError += (_, error) => complaints.Add($"error: {error}");
        page.Request += (_, request) =>
        {
            if (request.Url != new Uri(path).AbsoluteUri)
                complaints.Add($"request: {request.Url}");
        };
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        return new OpenPage(context, page, complaints);
    }
}

/// <summary>A page in the browser.</summary>
/// <param name="Context">Closed at the end.</param>
/// <param name="Page">The page.</param>
/// <param name="Complaints">What the browser said, and what the page asked the outside for.</param>
internal sealed record OpenPage(IBrowserContext Context, IPage Page, IReadOnlyList<string> Complaints) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await Context.CloseAsync();
}
