namespace FreezeBench.Results.Machine;

/// <summary>Which code measured: the commit, and whether the working tree differed from it.</summary>
public sealed record GitState
{
    /// <summary>Hash of the commit; "unknown" without git or outside a repository with a commit.</summary>
    public required string Commit { get; init; }

    /// <summary>Whether a tracked file was changed or an untracked, not ignored one was there; null is unknown.</summary>
    public required bool? Dirty { get; init; }

    /// <summary>Nothing is known.</summary>
    public static GitState None { get; } = new() { Commit = Unknown.Text, Dirty = null };

    /// <summary>Asks git about the repository around <paramref name="directory"/>. Capture once, when the program starts.</summary>
    /// <remarks>The repository's top folder <c>results</c> and <paramref name="written"/> do not count: the programs
    /// write there, and rows of earlier runs that wait to be committed change nothing in the code that measures. A file
    /// that is neither tracked nor ignored does count elsewhere, because the build would compile it.</remarks>
    /// <param name="directory">A folder of the repository.</param>
    /// <param name="written">Folders that programs write, if not below <c>results</c>.</param>
    public static GitState Capture(string directory, params string[] written)
    {
        if (!Directory.Exists(directory) || Git(directory, "rev-parse", "--show-toplevel") is not { } top
            || Git(directory, "rev-parse", "--verify", "HEAD") is not { } commit)
            return None;
        List<string> arguments = ["status", "--porcelain", "--untracked-files=all", "--", ":/", ":(top,exclude)results"];
        arguments.AddRange(written.Select(folder => PathBelow(top, folder)).OfType<string>().Select(below => $":(top,exclude,literal){below}"));
        return new GitState { Commit = commit, Dirty = Git(directory, [.. arguments]) is { } changes ? changes.Length > 0 : null };
    }

    private static string? PathBelow(string top, string folder)
    {
        var path = Path.GetRelativePath(top, Path.GetFullPath(folder)).Replace('\\', '/');
        return path is "." || path.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(path) ? null : path;
    }

    private static string? Git(string directory, params string[] arguments) =>
        // --no-optional-locks: a status that refreshes the index would collide with the user's own git commands.
        // core.fsmonitor: a setting of the repository must not start a program. The variables would point git at
        // another repository than the directory's, as they do inside a hook.
        ChildProcess.FactOf("git", ["--no-optional-locks", "-c", "core.fsmonitor=false", .. arguments], directory,
            ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"])?.Trim();
}
