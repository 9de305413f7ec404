using TorchSharp.Modules;

namespace FreezeBench.Kernels.Optimizing;

/// <summary>Parameters that share a learning rate.</summary>
/// <param name="parameters">Not owned.</param>
/// <param name="learningRate">Of the first step; 0 or more.</param>
public sealed class ParameterGroup(IReadOnlyList<Parameter> parameters, double learningRate)
{
    /// <summary>The parameters, in the order in which the optimizer numbers its state.</summary>
    public IReadOnlyList<Parameter> Parameters { get; } = parameters;

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; set; } = learningRate;
}
