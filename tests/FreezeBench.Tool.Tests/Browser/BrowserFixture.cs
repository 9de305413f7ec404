using System.Collections.Concurrent;
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
    // Of pages that tests are done with: a new one takes a third of a second of the processor.
    private readonly ConcurrentBag<IPage> idle = [];
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
        var page = own is not null ? await own.NewPageAsync() : idle.TryTake(out var used) ? used : await there.Value.Scripted.NewPageAsync();
        await page.SetViewportSizeAsync(width, 900);
        await page.EmulateMediaAsync(new() { Media = Media.Null, ColorScheme = scheme });
        var open = new OpenPage(page, new Uri(path).AbsoluteUri, own is null ? idle.Add : null);
        await page.GotoAsync(open.Address);
        return open;
    }
}

/// <summary>A page in the browser, and what the browser said of it.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> complaints = [];
    private readonly Action<IPage>? done;

    /// <param name="page">On which nothing is open yet.</param>
    /// <param name="address">Of what it will show.</param>
    /// <param name="done">Gets the page at the end; null: it is closed with its context.</param>
    internal OpenPage(IPage page, string address, Action<IPage>? done)
    {
        (Page, Address, this.done) = (page, address, done);
        page.Console += Heard;
        page.PageError += Failed;
        page.Request += Requested;
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Address of its file.</summary>
    public string Address { get; }

    /// <summary>What the browser said, and what the page asked the outside for.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public async ValueTask DisposeAsync()
    {
        Page.Console -= Heard;
        Page.PageError -= Failed;
        Page.Request -= Requested;
        if (done is null)
        {
            await Page.Context.CloseAsync();
            return;
        }
        // What a page keeps is kept for the pages after it too.
        await Page.EvaluateAsync("localStorage.clear()");
        done(Page);
    }

    private void Heard(object? sender, IConsoleMessage message) => complaints.Add($"console: {message.Text}");

    private void Failed(object? sender, string error) => complaints.Add($"error: {error}");

    private void Requested(object? sender, IRequest request)
    {
        if (request.Url != Address)
            complaints.Add($"request: {request.Url}");
    }
}
