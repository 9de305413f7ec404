using FreezeBench.Tool.Tests.Browser;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(BrowserFixture))]

namespace FreezeBench.Tool.Tests.Browser;

/// <summary>The system's Chromium, started once for all tests, by the first that opens a page; no browser is downloaded.</summary>
public sealed class BrowserFixture : IAsyncDisposable
{
    private static readonly string[] names = ["chromium", "chromium-browser", "google-chrome", "chrome.exe"];

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-browser-").FullName;
    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser, IBrowserContext Scripted)?>> started = new(StartAsync);

    /// <summary>The browser's program; null where there is none.</summary>
    private static string? Program => Environment.GetEnvironmentVariable("FREEZEBENCH_CHROMIUM") is { Length: > 0 } chosen ? chosen
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).SelectMany(place => names.Select(name => Path.Combine(place, name))).FirstOrDefault(File.Exists);

    public async ValueTask DisposeAsync()
    {
        if (started.IsValueCreated && await started.Value is var (playwright, browser, _))
        {
            await browser.CloseAsync();
            playwright.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser, IBrowserContext Scripted)?> StartAsync()
    {
        if (Program is not { } program)
            return null;
        var playwright = await Playwright.CreateAsync();
        // Without the sandbox, which does not start for root in a container; the pages are the test's own.
        // Pages share a process: one of their own takes half a second of the processor.
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox", "--disable-gpu", "--renderer-process-limit=1"] });
        return (playwright, browser, await browser.NewContextAsync());
    }

    /// <summary>Opens a page from a file. The test is skipped where there is no browser.</summary>
    /// <param name="html">The page.</param>
    /// <param name="width">Width of the window in px.</param>
    /// <param name="scheme">What the system asks for: light or dark.</param>
    /// <param name="script">Whether scripts run.</param>
    internal async Task<OpenPage> OpenAsync(string html, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool script = true)
    {
        var there = await started.Value;
        Assert.SkipWhen(there is null, "No Chromium: neither FREEZEBENCH_CHROMIUM nor PATH names one.");
        var path = Path.Combine(folder, $"{Path.GetRandomFileName()}.html");
        await File.WriteAllTextAsync(path, html);
        var own = script ? null : await there.Value.Browser.NewContextAsync(new() { JavaScriptEnabled = false });
        var page = await (own ?? there.Value.Scripted).NewPageAsync();
        await page.SetViewportSizeAsync(width, 900);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        List<string> complaints = [];
        page.Console += (_, message) => complaints.Add($"console: {message.Text}");
        page.PageError += (_, error) => complaints.Add($"error: {error}");
        page.Request += (_, request) =>
        {
            if (request.Url != new Uri(path).AbsoluteUri)
                complaints.Add($"request: {request.Url}");
        };
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        return new OpenPage(own, page, complaints);
    }
}

/// <summary>A page in the browser.</summary>
/// <param name="Context">Closed at the end; null: the page alone is.</param>
/// <param name="Page">The page.</param>
/// <param name="Complaints">What the browser said, and what the page asked the outside for.</param>
internal sealed record OpenPage(IBrowserContext? Context, IPage Page, IReadOnlyList<string> Complaints) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        if (Context is not null)
        {
            await Context.CloseAsync();
            return;
        }
        // What a page keeps is kept for the pages after it too.
        await Page.EvaluateAsync("localStorage.clear()");
        await Page.CloseAsync();
    }
}
