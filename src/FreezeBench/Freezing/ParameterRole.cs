namespace FreezeBench.Freezing;

/// <summary>What a parameter does in its layer.</summary>
public enum ParameterRole
{
    /// <summary>A kernel or matrix, and whatever is none of the others: embeddings, class tokens.</summary>
    Weight,

    /// <summary>Added to a layer's output.</summary>
    Bias,

    /// <summary>The factor of a normalisation: BatchNorm, LayerNorm, GroupNorm and their like.</summary>
    NormWeight,

    /// <summary>The shift of a normalisation.</summary>
    NormBias,
}
