namespace FreezeBench.Kernels.Optimizing;

/// <summary>For which parameters an optimizer makes one call for each operation, instead of one for each operation and parameter.</summary>
public enum ForeachUse
{
    /// <summary>For none, as with <c>foreach=False</c> in torch.optim.</summary>
    None,

    /// <summary>For those of one dimension or none: BatchNorm's and the biases, which are many and small.</summary>
    Vectors,

    /// <summary>For all, as with <c>foreach=True</c> in torch.optim.</summary>
    All,
}
