using System.Globalization;
using System.Text.RegularExpressions;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>An environment's folder while it is checked: reads its files and turns what cannot be read into findings.</summary>
/// <param name="folder">Full path.</param>
/// <param name="prefix">What stands before a file's name in a finding: nothing, or the folder's name and a slash.</param>
/// <param name="files">Its files at one moment; each is read once. Not owned.</param>
internal sealed partial class CheckedFolder(string folder, string prefix, FolderSnapshot files, FindingLog log)
{
    internal FindingLog Log => log;

    internal string Folder => folder;

    /// <summary>The environment's record; null where it cannot be read, which is a finding.</summary>
    internal EnvironmentRecord? Environment { get; private set; }

    /// <summary>Runs of the rows read so far, samples and remarks aside; null where such a file could not be read whole.</summary>
    internal HashSet<string>? RunIds { get; private set; } = [];

    internal string Name(string file) => prefix + file;

    internal void ReadEnvironment()
    {
        try
        {
            Environment = FolderCommit.Read(folder, EnvironmentFile.FileName, EnvironmentFile.Read);
        }
        catch (UserErrorException error)
        {
            Add(FindingKind.EnvironmentRecord, EnvironmentFile.FileName, error);
        }
    }

    /// <summary>Visits the rows of a file, one at a time, up to the first that cannot be read.</summary>
    /// <returns>Whether the whole file was read; also where there is none.</returns>
    internal bool Each<TRow>(Action<long, TRow> visit) where TRow : IResultRow
    {
        var ofRuns = typeof(IMeasuredRow).IsAssignableFrom(typeof(TRow));
        try
        {
            foreach (var (line, row) in files.Rows<TRow>())
            {
                log.Rows++;
                if (ofRuns)
                    RunIds?.Add(row.RunId);
                visit(line, row);
            }
            return true;
        }
        catch (UserErrorException error)
        {
            Add(FindingKind.Unreadable, TRow.FileName, error);
            if (ofRuns)
                RunIds = null;
            return false;
        }
    }

    /// <summary>The readers' messages begin with their place, "file, line 3, column mean_ms: "; here it goes to the finding's own
    /// members, and the path, which is another on every machine, goes away.</summary>
    private void Add(FindingKind kind, string file, UserErrorException error)
    {
        var path = Path.Combine(folder, file);
        var place = error.Message.StartsWith(path, StringComparison.Ordinal) ? Place().Match(error.Message, path.Length) : Match.Empty;
        var message = place.Success ? place.Groups["text"].Value : error.Message;
        log.Add(new Finding
        {
            Kind = kind,
            File = Name(file),
            Line = place.Groups["line"] is { Success: true } line ? long.Parse(line.Value, NumberStyles.None, CultureInfo.InvariantCulture) : null,
            Column = place.Groups["column"] is { Success: true } column ? column.Value : null,
            Message = message.Replace(path, file, StringComparison.Ordinal).ReplaceLineEndings(" "),
        });
    }

    [GeneratedRegex(@"\G(?:, line (?<line>[0-9]{1,18}))?(?:, column (?<column>\w+))?: (?<text>.*)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Place();
}
