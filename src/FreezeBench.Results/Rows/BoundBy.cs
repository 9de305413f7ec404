namespace FreezeBench.Results.Rows;

/// <summary>What a training step's time on a GPU is: the word in the column <c>bound_by</c>.</summary>
public enum BoundBy
{
    /// <summary>The host's: it takes as long to issue the work as the work takes.</summary>
    Host,

    /// <summary>The GPU's: the host is ahead of it and waits.</summary>
    Device,
}
