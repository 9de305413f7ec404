namespace FreezeBench.Optimizing;

/// <summary>The learning rates of one step.</summary>
/// <param name="Head">Of the head.</param>
/// <param name="Backbone">Of what trains of the backbone; 0 where none of it does.</param>
public readonly record struct LearningRates(double Head, double Backbone);
