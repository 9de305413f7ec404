namespace FreezeBench.Results.Reports;

/// <summary>Which accuracies beside the plain one a table shows.</summary>
public static class AccuracyColumns
{
    // With ten classes half of them are among five.
    private const int MostWithoutTop5 = 10;

    /// <summary>Top-5 accuracy; null where it is not shown, with ten classes or fewer.</summary>
    public static Figure? Top5(AccuracyGroup group, PolicyAccuracy policy) =>
        group.Classes > MostWithoutTop5 ? policy.Top5Accuracy : null;

    /// <summary>Balanced accuracy; null where it is not shown, since all classes have as many images.</summary>
    public static Figure? Balanced(AccuracyGroup group, PolicyAccuracy policy) =>
        Classes(group).Count > 0 ? policy.BalancedAccuracy : null;

    /// <summary>The classes of a table by class, with their images; empty where none is shown, since all classes have as many images or nobody counted.</summary>
    public static IReadOnlyList<ClassAccuracy> Classes(AccuracyGroup group) =>
        group.Policies.Select(policy => policy.ClassAccuracies).FirstOrDefault(classes => classes.Count > 0) ?? [];
}
