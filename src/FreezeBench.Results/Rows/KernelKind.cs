namespace FreezeBench.Results.Rows;

/// <summary>Whose layers and optimizer steps were measured: the word in the columns <c>kernels</c>.</summary>
public enum KernelKind
{
    /// <summary>What a user's code costs: the framework's layers as they are, and one optimizer call for each parameter.</summary>
    Plain,

    /// <summary>FreezeBench's own: folded BatchNorm, prepacked weights, gradients by taps, one optimizer call for many parameters.</summary>
    Fast,
}

/// <summary>Kernels of rows that do not name them.</summary>
internal static class KernelKinds
{
    /// <summary>The kernels of a row from before the column came: FreezeBench knew its own alone, and a twin has its framework's.</summary>
    internal static KernelKind Before(object row) => row switch
    {
        NamedCase { Framework: not NamedCase.OwnFramework } => KernelKind.Plain,
        _ => KernelKind.Fast,
    };
}
