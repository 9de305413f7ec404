using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>What an epoch says of its head, of shots and of its accuracy over classes, against the rest of its row.</summary>
internal static class HeadChecks
{
    private const string CachedPolicy = "frozen-cached";
    private const int FewestClassesWithTop5 = 6;

    internal static void Row(CheckedFolder folder, string file, long line, AccuracyRow row)
    {
        void Wrong(string column, FormattableString message) => folder.Log.Add(FindingKind.InconsistentRow, file, line, column, message);

        if (row.Head != HeadKind.Sgd && row.PolicyInForce != CachedPolicy)
            Wrong("head", $"it is {row.Head.Word()}, which needs cached features, and policy_in_force is {row.PolicyInForce}.");
        if (row.Head != HeadKind.Sgd && row.Epochs != 1)
            Wrong("epochs", $"it is {row.Epochs}; a head by {row.Head.Word()} is found once.");
        if (row.HeadL2 is not null && row.Head != HeadKind.Lbfgs)
            Wrong("head_l2", $"it is {row.HeadL2:R}, and head is {row.Head.Word()}.");
        if (row.HeadL2 is null && row.Head == HeadKind.Lbfgs)
            Wrong("head_l2", $"it is unknown, and head is lbfgs.");
        if (row.Shots is { } shots && (long)shots * row.Classes != row.TrainTotal)
            Wrong("shots", $"it is {shots} of each of {row.Classes} classes, and train_total is {row.TrainTotal}.");
        Top5(row, Wrong);
        // The mean over classes cannot be perfect where an image was missed, nor nothing where one was found.
        if (row.TestBalancedAccuracyFraction is { } balanced && row.TestTotal > 0 && row.TestCorrect <= row.TestTotal
            && ((balanced == 1) != (row.TestCorrect == row.TestTotal) || (balanced == 0) != (row.TestCorrect == 0)))
            Wrong("test_balanced_accuracy_fraction", $"it is {balanced:R}, and {row.TestCorrect} of {row.TestTotal} test images are correct.");
    }

    private static void Top5(AccuracyRow row, Action<string, FormattableString> wrong)
    {
        if (row.TestTop5Correct is not { } among)
            return;
        if (row.Classes < FewestClassesWithTop5)
            wrong("test_top5_correct", $"it is {among}; with {row.Classes} classes every image is among the five.");
        if (among > row.TestTotal)
            wrong("test_top5_correct", $"it is {among}, above test_total, which is {row.TestTotal}.");
        else if (among < row.TestCorrect)
            wrong("test_top5_correct", $"it is {among}, below test_correct, which is {row.TestCorrect}.");
    }
}
