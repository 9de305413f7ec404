using FreezeBench.Kernels;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Results;

namespace FreezeBench.Optimizing;

/// <summary>The optimizers that a network can be trained with: a closed list, each named once for options and rows.</summary>
public sealed record OptimizerKind
{
    /// <summary>SGD with momentum and an L2 penalty (<see cref="SgdOptimizer"/>).</summary>
    public static readonly OptimizerKind Sgd = new("sgd", (groups, options) => new SgdOptimizer(groups, options.Momentum, options.WeightDecay));

    /// <summary>AdamW with decoupled weight decay (<see cref="AdamWOptimizer"/>); it takes no notice of the momentum.</summary>
    public static readonly OptimizerKind AdamW = new("adamw", (groups, options) => new AdamWOptimizer(groups, options.WeightDecay));

    /// <summary>Both.</summary>
    public static IReadOnlyList<OptimizerKind> All { get; } = [Sgd, AdamW];

    /// <summary>The names, for help texts, parsers and messages.</summary>
    public static string ValidNames { get; } = string.Join(", ", All.Select(kind => kind.Name));

    private readonly Func<IReadOnlyList<ParameterGroup>, TrainingOptions, Optimizer> build;

    private OptimizerKind(string name, Func<IReadOnlyList<ParameterGroup>, TrainingOptions, Optimizer> build) => (Name, this.build) = (name, build);

    /// <summary>The name in options and rows.</summary>
    public string Name { get; }

    /// <summary>Finds an optimizer by its exact name.</summary>
    /// <exception cref="UserErrorException">The name is none of <see cref="ValidNames"/>.</exception>
    public static OptimizerKind Parse(string name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new UserErrorException($"Unknown optimizer '{name}'. Valid values: {ValidNames}.");

    /// <summary>An optimizer of this kind on these parameters; the caller disposes it.</summary>
    internal Optimizer Build(IReadOnlyList<ParameterGroup> groups, TrainingOptions options)
    {
        var optimizer = build(groups, options);
        if (options.Kernels == KernelSet.Plain)
            optimizer.Foreach = ForeachUse.None;
        return optimizer;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
