namespace FreezeBench.Programs;

/// <summary>The folder that a program belongs to: <c>results</c> lies in it, and its git state is the rows'.</summary>
public static class WorkFolder
{
    // Of this repository alone: a solution or a folder of the same name may be anybody's.
    private static readonly string mark = Path.Combine("bench", "FreezeBench.Benchmarks.csproj");

    /// <summary>
    /// The repository of FreezeBench that this program was built in, wherever it was started, or the folder of the user's project. For a
    /// program that was moved elsewhere the repository around the current folder, and the current folder itself where there is none.
    /// </summary>
    public static string Find() => Find(AppContext.BaseDirectory, Environment.CurrentDirectory);

    /// <inheritdoc cref="Find()"/>
    /// <param name="program">Where the program's files are.</param>
    /// <param name="current">The current folder.</param>
    internal static string Find(string program, string current) => Above(program, IsRepository) ?? Above(program, IsProject) ?? Above(current, IsRepository) ?? current;

    private static string? Above(string start, Func<string, bool> isFound)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (isFound(folder.FullName))
                return folder.FullName;
        return null;
    }

    private static bool IsRepository(string folder) => File.Exists(Path.Combine(folder, mark));

    private static bool IsProject(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.??proj").Any();
}
