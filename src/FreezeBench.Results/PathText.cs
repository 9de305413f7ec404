namespace FreezeBench.Results;

/// <summary>A path as a user gives it on a command line.</summary>
public static class PathText
{
    /// <summary>Why a text is no path, behind the name of what was given; null: it may be one.</summary>
    public static string? FaultOf(string text) =>
        string.IsNullOrWhiteSpace(text) ? "is empty; give a path (an unset variable of a shell gives an empty one)."
            : text.Contains('\0') ? $"is '{ForeignText.Shown(text)}', which is no path: it has a NUL character."
            : null;

    /// <summary>Why nothing is found at a path that the system has listed; null: another reason.</summary>
    /// <remarks>Linux's names are bytes. Those that are no UTF-8, as old archives bring them, are listed with U+FFFD in their place, under which nothing is found.</remarks>
    public static string? EncodingFaultOf(string path) =>
        path.Contains('\uFFFD') && !Path.Exists(path) ? "its name is not in UTF-8, so that it cannot be opened. Rename it (convmv does so for whole folders)." : null;

    /// <summary>Why no folder can be at a path, or be made there; null: it can, as far as the system tells.</summary>
    public static string? FolderFaultOf(string path)
    {
        if (FaultOf(path) is { } fault)
            return fault;
        // The first that is there decides: what is below it would be made.
        for (var there = Path.GetFullPath(path); there is not null; there = Path.GetDirectoryName(there))
        {
            if (Directory.Exists(there))
                return null;
            if (Path.Exists(there) || new FileInfo(there).LinkTarget is not null)
                return $"is '{ForeignText.Shown(path)}', and {(there == Path.GetFullPath(path) ? "that" : $"'{ForeignText.Shown(there)}'")} is {KindAt(there)}; give a folder, or a name that is free.";
        }
        return null;
    }

    /// <summary>What is wrong with a path where a folder was to be and is none, behind the path: <c>does not exist</c>, <c>is a file</c>.</summary>
    public static string NoFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.Exists(path) || new FileInfo(path).LinkTarget is not null)
            return $"is {KindAt(path)}";
        // What may not be looked into seems to be empty.
        var above = Path.GetDirectoryName(Path.GetFullPath(path));
        while (above is not null && !Directory.Exists(above))
            above = Path.GetDirectoryName(above);
        return above is null || MayBeListed(above) ? "does not exist" : $"does not exist, or may not be seen: '{ForeignText.Shown(above)}' may not be listed";
    }

    private static bool MayBeListed(string folder)
    {
        try
        {
            _ = Directory.EnumerateFileSystemEntries(folder).Any();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string KindAt(string path) => RegularFile.OtherKind(path)
        ?? (new FileInfo(path).LinkTarget is not null && RegularFile.IdentityOf(path) is null ? "a symbolic link that leads nowhere" : "a file");
}
