using System.Text;

namespace FreezeBench.Results.Rows;

/// <summary>Replaces several files of a results folder in one step: after a crash at any moment readers see all of the new ones or none.</summary>
/// <remarks>The new files lie complete beside the old ones before a list of them is moved into place. From then on they count: readers take
/// them in the place of the old ones, and the next writer moves them. Without the list they are what a killed program left, and go.</remarks>
internal static class FolderCommit
{
    /// <summary>The list: for each file its name and, behind a tab, that of the one that replaces it.</summary>
    internal const string FileName = ".results.commit";

    // Ten lines.
    private const long MostBytes = 1 << 16;

    private const string Remedy = $"Delete it, and the *{AtomicFile.TemporaryEnd} files beside it.";

    /// <summary>Writes files whole, while the caller holds the folder's lock.</summary>
    /// <param name="folder">It exists.</param>
    /// <param name="files">Names, and what writes the content.</param>
    /// <exception cref="IOException">One cannot be written; then none was.</exception>
    internal static void Write(string folder, IReadOnlyList<(string Name, Action<Stream> Write)> files)
    {
        Complete(folder);
        // Under the lock nobody else writes, so what looks like a temporary file was left by a program that was killed.
        foreach (var orphan in Directory.GetFiles(folder, "*" + AtomicFile.TemporaryEnd))
            if (files.Select(file => file.Name).Append(FileName).Any(name => AtomicFile.IsTemporaryOf(name, Path.GetFileName(orphan))))
                File.Delete(orphan);
        if (files is [var only])
        {
            AtomicFile.Replace(Path.Combine(folder, only.Name), only.Write);
            return;
        }
        var replacements = files.Select(file => (file.Name, Temporary: AtomicFile.TemporaryName(file.Name))).ToList();
        try
        {
            foreach (var (file, replacement) in files.Zip(replacements))
                AtomicFile.WriteNew(Path.Combine(folder, replacement.Temporary), file.Write);
            AtomicFile.Replace(Path.Combine(folder, FileName), stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(replacements.Select(item => $"{item.Name}\t{item.Temporary}\n")))));
        }
        catch
        {
            foreach (var (_, temporary) in replacements)
                File.Delete(Path.Combine(folder, temporary));
            throw;
        }
        Complete(folder);
    }

    /// <summary>Finishes what a writer that died had written whole, while the caller holds the folder's lock.</summary>
    /// <exception cref="UserErrorException">The list is damaged.</exception>
    internal static void Complete(string folder)
    {
        var list = Path.Combine(folder, FileName);
        if (!IsThereAt(list))
            return;
        foreach (var (name, temporary) in Pending(folder))
            File.Move(Path.Combine(folder, temporary), Path.Combine(folder, name), overwrite: true);
        File.Delete(list);
    }

    /// <summary>Reads a file where its content is: at its own path, but in the middle of a write. A writer that goes on moves it meanwhile, and it is read anew.</summary>
    /// <param name="folder">It exists.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="read">Gets the path, at which there need be no file.</param>
    internal static T Read<T>(string folder, string name, Func<string, T> read)
    {
        var own = Path.Combine(folder, name);
        while (true)
        {
            var path = Path.Combine(folder, Pending(folder).GetValueOrDefault(name, name));
            bool IsMoved() => path != own && !File.Exists(path);
            try
            {
                var result = read(path);
                if (!IsMoved())
                    return result;
            }
            catch (UserErrorException) when (IsMoved())
            {
                // The next look finds it in its place.
            }
        }
    }

    /// <summary>Files that count in the place of others, which they have not replaced yet; normally none.</summary>
    /// <returns>From the file's name to that of the one to read.</returns>
    /// <exception cref="UserErrorException">The list is damaged.</exception>
    internal static IReadOnlyDictionary<string, string> Pending(string folder)
    {
        var list = Path.Combine(folder, FileName);
        Dictionary<string, string> pending = [];
        if (Lines(list) is not { } lines)
            return pending;
        foreach (var line in lines)
        {
            // Names alone, and of our own pattern: a list that somebody else wrote must not move a file of another folder.
            if (line.Split('\t') is not [var name, var temporary] || Path.GetFileName(name) != name || Path.GetFileName(temporary) != temporary
                || !temporary.StartsWith(name + ".", StringComparison.Ordinal) || !temporary.EndsWith(AtomicFile.TemporaryEnd, StringComparison.Ordinal))
                throw new UserErrorException($"{list} is damaged: '{ForeignText.Shown(line)}' names no two files of a write. {Remedy}");
            if (File.Exists(Path.Combine(folder, temporary)))
                pending[name] = temporary;
        }
        return pending;
    }

    /// <summary>Whether a write was cut off, or a list is there that cannot be read.</summary>
    internal static bool IsThere(string folder) => IsThereAt(Path.Combine(folder, FileName));

    /// <summary>Why nobody can tell which files count; null: they can.</summary>
    internal static string? FaultOf(string folder)
    {
        try
        {
            _ = Pending(folder);
            return null;
        }
        catch (UserErrorException error)
        {
            return error.Message;
        }
    }

    // A link in a circle leads to nothing, and is there.
    private static bool IsThereAt(string list) => Path.Exists(list) || new FileInfo(list).LinkTarget is not null;

    private static string[]? Lines(string list)
    {
        try
        {
            return IsThereAt(list) ? RegularFile.ReadAllText(list, MostBytes).Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (FileNotFoundException)
        {
            return null;    // a writer has just completed it
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{list} cannot be read: {error.Message.TrimEnd('.')}. {Remedy}", error);
        }
    }
}
