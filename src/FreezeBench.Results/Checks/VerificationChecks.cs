using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Verification;

namespace FreezeBench.Results.Checks;

/// <summary>Checks of verification.json: that it can be read, is this environment's, and what failed.</summary>
internal static class VerificationChecks
{
    internal static void Run(CheckedFolder folder)
    {
        var name = folder.Name(VerificationFile.FileName);
        void Add(FindingKind kind, string message) => folder.Log.Add(kind, name, null, null, $"{message}");
        DeviceVerification? found;
        var path = "";
        try
        {
            found = FolderCommit.Read(folder.Folder, VerificationFile.FileName, there => File.Exists(path = there) ? VerificationFile.Read(there) : null);
        }
        catch (UserErrorException error)
        {
            Add(FindingKind.VerificationRecord, error.Message.Replace(path, VerificationFile.FileName, StringComparison.Ordinal));
            return;
        }
        if (found is not { } verification)
            return;
        if (folder.Environment is { } environment && verification.EnvironmentId != environment.Id)
            Add(FindingKind.VerificationRecord, $"it is of the environment {verification.EnvironmentId}, and the folder's is {environment.Id}.");
        if (folder.Environment is { } record && verification.Device != record.Torch.Device)
            Add(FindingKind.VerificationRecord, $"it is of the device {verification.Device}, and the environment's is {record.Torch.Device}.");
        foreach (var open in verification.Checks.Where(check => check.Outcome is CheckOutcome.Fail or CheckOutcome.NotRun))
            Add(FindingKind.VerificationFailed, $"{open.Name} {(open.Outcome == CheckOutcome.Fail ? "failed" : "was not run")}: {open.Reason}");
        if (verification.Dirty == true)
            Add(FindingKind.Dirty, "the working tree differed from its commit.");
        if (HashFormat.Commit.FaultOf(verification.Commit) is { } fault)
            Add(FindingKind.HashFormat, fault);
        if (verification.Commit == Unknown.Text)
            Add(FindingKind.UnknownCommit, "nobody knows which code checked.");
    }
}
