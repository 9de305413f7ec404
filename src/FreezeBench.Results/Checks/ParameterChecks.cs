namespace FreezeBench.Results.Checks;

/// <summary>What a row says of the parameters that train: no more than there are, and each takes a byte or more of a checkpoint.</summary>
internal static class ParameterChecks
{
    internal static void Row(CheckedFolder folder, string file, long line, long? trainable, long? total, long? bytes)
    {
        if (trainable > total)
            folder.Log.Add(FindingKind.InconsistentRow, file, line, "trainable_parameters", $"it is {trainable}, above total_parameters, which is {total}.");
        if (bytes < trainable)
            folder.Log.Add(FindingKind.InconsistentRow, file, line, "trained_checkpoint_bytes", $"it is {bytes}, less than a byte for each of {trainable} trainable_parameters.");
    }
}
