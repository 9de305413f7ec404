using System.Text;
using FreezeBench.Results;
using FreezeBench.Results.Reports;
using FreezeBench.Tool.Html;

namespace FreezeBench.Tool.Commands;

/// <param name="Path">Where it goes; null for standard output.</param>
/// <param name="Format">html, md or json.</param>
internal sealed record ReportOutput(string? Path, string Format)
{
    /// <summary>What --format takes, and how files end.</summary>
    internal const string ValidFormats = "html, md, json";

    /// <summary>The reports that the options ask for.</summary>
    /// <exception cref="UserErrorException">One line for each option that is wrong.</exception>
    internal static IReadOnlyList<ReportOutput> All(IReadOnlyList<string> paths, string? format)
    {
        List<string> errors = [];
        if (format is not null && !IsFormat(format))
            errors.Add($"--format is '{format}'. Valid values: {ValidFormats}.");
        var outputs = paths.Select(path => path == "-" ? new ReportOutput(null, format ?? "") : new ReportOutput(path, End(path))).ToList();
        errors.AddRange(outputs.Where(output => output.Path is not null && !IsFormat(output.Format)).Select(output => $"--out {output.Path} ends in none of .html, .md, .json, which tell the format."));
        errors.AddRange(outputs.Where(output => FolderIsMissing(output.Path)).Select(output => $"--out {output.Path}: its folder does not exist."));
        errors.AddRange(outputs.Where(output => Directory.Exists(output.Path)).Select(output => $"--out {output.Path} is a folder; name a file in it."));
        if (outputs.Any(output => output.Path is null) && format is null)
            errors.Add($"--out - needs --format with one of {ValidFormats}.");
        if (outputs.All(output => output.Path is not null) && format is not null)
            errors.Add("--format is for --out -; a file's end tells its format.");
        if (outputs.Select(output => output.Path).Distinct().Count() < outputs.Count)
            errors.Add("Two --out name the same file.");
        return errors is [] ? outputs : throw new UserErrorException(string.Join('\n', errors));
    }

    /// <summary>The report's bytes: UTF-8 without a byte order mark.</summary>
    /// <param name="report">What it says.</param>
    /// <param name="plotted">Environments with plots in a page; null for its default.</param>
    internal byte[] Bytes(Report report, IReadOnlyCollection<string>? plotted)
    {
        using var stream = new MemoryStream();
        if (Format == "json")
        {
            JsonReport.Write(report, stream);
            return stream.ToArray();
        }
        // A lone surrogate in a name becomes U+FFFD rather than an error: the report is the last place to fail over it.
        using (var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" })
        {
            if (Format == "html")
                HtmlReport.Write(report, plotted, writer);
            else
                MarkdownReport.Write(report, writer);
        }
        return stream.ToArray();
    }

    private static bool IsFormat(string format) => format is "html" or "md" or "json";

    private static string End(string path) => System.IO.Path.GetExtension(path).TrimStart('.').ToLowerInvariant();

    private static bool FolderIsMissing(string? path) =>
        path is not null && System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder);
}
