namespace FreezeBench.Results;

/// <summary>A path as a user gives it on a command line.</summary>
public static class PathText
{
    /// <summary>Why a text is no path, behind the name of what was given; null: it may be one.</summary>
    public static string? FaultOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.IsNullOrWhiteSpace(text) ? "is empty; give a path (an unset variable of a shell gives an empty one)."
            : text.Contains('\0') ? $"is '{ForeignText.Shown(text)}', which is no path: it has a NUL character."
            : null;
    }

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
                return $"is '{ForeignText.Shown(path)}', and {(there == Path.GetFullPath(path) ? "that" : $"'{ForeignText.Shown(there)}'")} is {RegularFile.OtherKind(there) ?? (Path.Exists(there) ? "a file" : "a symbolic link that leads nowhere")}; give a folder, or a name that is free.";
        }
        return null;
    }
}
