using FreezeBench.Results.Rows;
using FreezeBench.Results.Verification;

namespace FreezeBench.Results.Merging;

/// <summary>verification.json of a merge: of all that there are the newest counts, since each takes the place of the one before.</summary>
internal static class VerificationPlan
{
    /// <summary>What the target is to have in the place of its own; null: its own is the newest, or there is none.</summary>
    /// <exception cref="UserErrorException">A file is malformed, or of another environment than its folder.</exception>
    internal static DeviceVerification? Newer(string target, IReadOnlyList<SourceFolder> sources)
    {
        var there = Read(target);
        var newest = sources.Select(source => Read(source.Folder, source.Environment.Id)).OfType<DeviceVerification>().MaxBy(verification => verification.UtcTime);
        return newest is not null && (there is null || newest.UtcTime > there.UtcTime) ? newest : null;
    }

    private static DeviceVerification? Read(string folder, string? environmentId = null) => FolderCommit.Read(folder, VerificationFile.FileName, path =>
    {
        if (!File.Exists(path))
            return null;
        var read = VerificationFile.Read(path);
        return environmentId is null || read.EnvironmentId == environmentId
            ? read
            : throw new UserErrorException($"{path} is of the environment {read.EnvironmentId}, and the folder's is {environmentId}. Nothing was merged.");
    });
}
