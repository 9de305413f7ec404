using System.Collections.Concurrent;
using FreezeBench.Results.Reports;
using FreezeBench.Tool.Html;

namespace FreezeBench.Tool.Tests.Html;

/// <summary>The page of a report.</summary>
internal static class Page
{
    private static readonly Lazy<string> ofOne = new(() => Of(MadeUpReport.Of(1)));

    /// <summary>Of a made-up report of one environment.</summary>
    internal static string OfOne => ofOne.Value;

    private static readonly ConcurrentDictionary<string, string> ofTexts = new(StringComparer.Ordinal);

    /// <summary>Of a made-up report of which every text is this one.</summary>
    internal static string OfTexts(string text) => ofTexts.GetOrAdd(text, same => Of(MadeUpReport.AllTexts(same)));

    internal static string Of(Report report, params string[] plotted)
    {
        using var writer = new StringWriter();
        HtmlReport.Write(report, plotted is [] ? null : plotted, writer);
        return writer.ToString();
    }
}
