using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Verification;

namespace FreezeBench.Results.Checks;

/// <summary>Looks for everything in result folders that contradicts itself or should be known before a number is quoted.</summary>
/// <remarks>Rows are read one at a time; what is kept are the samples of one environment, a few figures of each epoch of it, and
/// <see cref="CheckResult.MostPerKindAndFile"/> findings of a kind and file.</remarks>
public static class ResultCheck
{
    /// <summary>Checks a folder of environments' folders, or one environment's folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="withArchive">Whether the environments in its folder archive are checked too.</param>
    /// <exception cref="UserErrorException">The folder is missing or holds no results.</exception>
    public static CheckResult Run(string path, bool withArchive = false)
    {
        var root = Path.GetFullPath(path);
        if (!Directory.Exists(root))
            throw new UserErrorException($"The folder {path} {PathText.NoFolder(root)}. Give a results folder, or an environment's folder in it.");
        var log = new FindingLog();
        var environments = 0;
        if (EnvironmentFolder.HasResults(root))
        {
            Environment(root, "", log);
            environments++;
        }
        var folders = Directory.GetDirectories(root);
        var archive = folders.FirstOrDefault(EnvironmentFolder.IsArchive);
        foreach (var folder in folders.Where(folder => folder != archive).Concat(withArchive && archive is not null ? Directory.GetDirectories(archive) : []).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(root, folder).Replace('\\', '/');
            if (EnvironmentFolder.HasResults(folder))
            {
                Environment(folder, name + "/", log);
                environments++;
            }
            else if (!EnvironmentFolder.HasResults(root))
                Stray(log, name, "the folder has no result file");
        }
        if (environments == 0)
            throw new UserErrorException($"{path} holds no results: neither it nor a folder in it has an {EnvironmentFile.FileName} or a result file.");
        if (!EnvironmentFolder.HasResults(root))
            StrayFiles(log, root, "", name => name is "COLUMNS.md" or "README.md" or "report.html" or "report.png" || name[0] == '.');
        return log.Result(environments);
    }

    private static void Environment(string path, string prefix, FindingLog log)
    {
        var name = prefix.Length == 0 ? "." : prefix.TrimEnd('/');
        // Without them nobody knows which files are the folder's, and at which moment: nothing more is said of it.
        if ((FolderLock.FaultOf(path) ?? FolderCommit.FaultOf(path)) is { } fault)
        {
            log.Add(FindingKind.FolderRecord, name, null, null, $"{fault.Replace(path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)}");
            return;
        }
        using var files = FolderSnapshot.Open(path, EnvironmentFolder.RowFiles);
        var folder = new CheckedFolder(path, prefix, files, log);
        if (!FolderCommit.Read(path, EnvironmentFile.FileName, File.Exists))
            log.Add(FindingKind.NoEnvironment, name, null, null, $"it has result files but no {EnvironmentFile.FileName}.");
        else
            folder.ReadEnvironment();
        if (folder.Environment is { } environment && environment.Id != Path.GetFileName(Path.TrimEndingDirectorySeparator(path)))
            log.Add(FindingKind.FolderName, name, null, null, $"the folder is not named after its environment, {environment.Id}.");

        new BenchmarkChecks(folder).Run();
        var accuracy = new AccuracyChecks(folder);
        var epochsRead = accuracy.Run();
        new RunEndChecks(folder, accuracy).Run(epochsRead);
        new PerClassChecks(folder, accuracy).Run(epochsRead);
        new MlNetChecks(folder).Run();
        new RemarkChecks(folder).Run();
        new ClassChecks(folder).Run();
        VerificationChecks.Run(folder);

        var pending = FolderCommit.Pending(path).Values;
        StrayFiles(log, path, prefix, file => EnvironmentFolder.RowFiles.Contains(file) || file is EnvironmentFile.FileName or VerificationFile.FileName or FolderLock.FileName or FolderCommit.FileName || pending.Contains(file));
        foreach (var inner in Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal))
            Stray(log, prefix + Path.GetFileName(inner), "an environment's folder has no folders");
    }

    private static void StrayFiles(FindingLog log, string folder, string prefix, Func<string, bool> belongs)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Where(file => !belongs(file)).Order(StringComparer.Ordinal))
            Stray(log, prefix + file, file.EndsWith(AtomicFile.TemporaryEnd, StringComparison.Ordinal) ? "a program that was killed while it wrote left it" : "no program of FreezeBench writes it here");
    }

    private static void Stray(FindingLog log, string name, string why) => log.Add(FindingKind.StrayFile, name, null, null, $"it does not belong among results: {why}.");
}
