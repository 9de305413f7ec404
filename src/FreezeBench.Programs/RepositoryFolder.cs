namespace FreezeBench.Programs;

/// <summary>The top folder of the repository: where <c>results</c> lies.</summary>
public static class RepositoryFolder
{
    private const string Mark = "Benchmarks.sln";

    /// <summary>
    /// The repository that this program was built in, wherever it was started; for a program that was moved elsewhere the
    /// repository around the current folder, and the current folder itself where there is none.
    /// </summary>
    public static string Find() => FindAbove(AppContext.BaseDirectory) ?? FindAbove(Environment.CurrentDirectory) ?? Environment.CurrentDirectory;

    /// <summary>The nearest folder with the solution, from a folder upwards; null where there is none.</summary>
    public static string? FindAbove(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, Mark)))
                return folder.FullName;
        return null;
    }
}
