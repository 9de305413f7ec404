using FreezeBench.Results;
using FreezeBench.Results.Machine;

namespace FreezeBench.Programs;

/// <summary>The folder that a program belongs to: <c>results</c> lies in it, and its git state is the rows'.</summary>
public static class WorkFolder
{
    // Of this repository alone: a solution or a folder of the same name may be anybody's.
    private static readonly string mark = Path.Combine("bench", "FreezeBench.Benchmarks.csproj");

    /// <summary>
    /// The repository of FreezeBench that this program was built in, wherever it was started, or the folder of the user's project. For a
    /// program that was moved elsewhere the repository around the current folder, and the current folder itself where there is none. For
    /// one of a bundle the current folder, whatever is around it.
    /// </summary>
    public static string Find() => Find(AppContext.BaseDirectory, Environment.CurrentDirectory);

    /// <inheritdoc cref="Find()"/>
    /// <param name="program">Where the program's files are.</param>
    /// <param name="current">The current folder.</param>
    /// <exception cref="UserErrorException">The program is of a bundle that is damaged.</exception>
    internal static string Find(string program, string current) => BundleRecord.Find(program) is not null ? current
        : Above(program, IsRepository) ?? Above(program, IsProject) ?? Above(current, IsRepository) ?? current;

    /// <summary>
    /// The same for what a program writes beside its results: logs and states. Where the current folder of a bundle's program cannot be
    /// written, as the bundle itself cannot be on many machines, the folder around the results.
    /// </summary>
    /// <param name="results">The folder of the results, absolute.</param>
    internal static string FindWritable(string results)
    {
        var folder = Find();
        return BundleRecord.OfThisProgram() is null || IsWritable(folder) ? folder : Path.GetDirectoryName(results) ?? results;
    }

    private static bool IsWritable(string folder)
    {
        try
        {
            // By trying: permissions do not tell that a file system is mounted for reading.
            using var made = new FileStream(Path.Combine(folder, $".freezebench-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

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
