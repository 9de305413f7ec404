namespace FreezeBench.Results.Rows;

/// <summary>How the head of a training was found: the word in the columns <c>head</c>.</summary>
public enum HeadKind
{
    /// <summary>In steps over batches, by the row's optimizer. Every row from before the column came.</summary>
    Sgd,

    /// <summary>Multinomial logistic regression on cached features, minimised by L-BFGS to its one minimum.</summary>
    Lbfgs,

    /// <summary>None: votes of the nearest training images among cached features.</summary>
    Knn,
}

/// <summary>All heads.</summary>
public static class HeadKinds
{
    /// <summary>The words, for help texts, parsers and messages.</summary>
    public static string ValidNames { get; } = string.Join(", ", Enum.GetValues<HeadKind>().Select(head => head.Word()));
}
