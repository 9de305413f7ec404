namespace FreezeBench.Results.Rows;

/// <summary>How much of a network trains.</summary>
/// <param name="Trainable">Parameters (numbers, not tensors) that an optimizer step may change.</param>
/// <param name="Total">All parameters.</param>
/// <param name="TrainedBytes">Bytes of a checkpoint of what trains: the trainable parameters' elements, by the size of their type.</param>
public sealed record ParameterCounts(long Trainable, long Total, long TrainedBytes);
