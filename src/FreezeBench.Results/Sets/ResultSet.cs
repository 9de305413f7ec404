using System.Runtime.ExceptionServices;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Sets;

/// <summary>Result folders, read whole.</summary>
/// <param name="Environments">By environment id, in ordinal order.</param>
public sealed record ResultSet(IReadOnlyList<EnvironmentResults> Environments)
{
    /// <summary>Fewest folders read at once: also on one core, one is parsed while another's file comes from the disk.</summary>
    private const int FewestAtOnce = 2;

    /// <summary>Reads a folder of environments' folders, or one environment's folder (it has an environment.json). Folders
    /// with none of our files are passed over, and so is the folder archive.</summary>
    /// <remarks>Several folders are read at once. Result and error do not depend on which is done first: of several bad
    /// folders the error is that of the first one in ordinal order.</remarks>
    /// <exception cref="UserErrorException">The folder is missing or holds no environment; a file in it is malformed, with
    /// file, line and column; a folder has rows but no environment.json; two folders are of the same environment.</exception>
    public static ResultSet Load(string path)
    {
        var environments = Read(Folders(path));
        var sorted = environments.OrderBy(environment => environment.Environment.Id, StringComparer.Ordinal).ToList();
        foreach (var (first, second) in sorted.Zip(sorted.Skip(1)))
        {
            if (first.Environment.Id == second.Environment.Id)
                throw new UserErrorException($"{first.Folder} and {second.Folder} are of the same environment, {first.Environment.Id}. Put them together with freezebench merge, or move one out of the results.");
        }
        return new ResultSet(sorted);
    }

    /// <summary>The folders that are read, full paths.</summary>
    /// <exception cref="UserErrorException">The folder is missing or holds no environment.</exception>
    internal static List<string> Folders(string path)
    {
        try
        {
            var root = Path.GetFullPath(path);
            if (!Directory.Exists(root))
                throw new UserErrorException($"The folder {root} {PathText.NoFolder(root)}. Give a results folder, or an environment's folder in it.");
            var folders = Directory.EnumerateDirectories(root).Where(folder => !EnvironmentFolder.IsArchive(folder)).Order(StringComparer.Ordinal).Prepend(root).Where(EnvironmentFolder.HasResults).ToList();
            return folders.Count > 0
                ? folders
                : throw new UserErrorException($"{root} holds no results: neither it nor a folder in it has an {EnvironmentFile.FileName}.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"The folder '{path}' cannot be read: {error.Message} Give a results folder, or an environment's folder in it.", error);
        }
    }

    private static EnvironmentResults[] Read(List<string> folders)
    {
        var pool = new TextPool();
        var environments = new EnvironmentResults[folders.Count];
        var errors = new Exception?[folders.Count];
        var firstBad = int.MaxValue;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(FewestAtOnce, Environment.ProcessorCount) };
        Parallel.For(0, folders.Count, options, index =>
        {
            // What comes after a bad folder cannot change the outcome any more; what comes before it can.
            if (index > Volatile.Read(ref firstBad))
                return;
            try
            {
                environments[index] = EnvironmentFolder.Read(folders[index], pool);
            }
            catch (Exception error)
            {
                lock (errors)
                {
                    errors[index] = error;
                    firstBad = Math.Min(firstBad, index);
                }
            }
        });
        if (firstBad < folders.Count)
            ExceptionDispatchInfo.Throw(errors[firstBad]!);
        return environments;
    }
}
