using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>
/// Updates parameters from their gradients. Unlike TorchSharp's optimizers, it can put all that it remembers into named
/// tensors and take it back bit for bit, which is what resuming a training needs.
/// </summary>
/// <remarks>
/// Weight decay acts on every parameter, BatchNorm's and the biases too, as torch.optim does unless it is told otherwise.
/// A parameter without a gradient is left alone.
/// </remarks>
public abstract class Optimizer : IDisposable
{
    private readonly IReadOnlyList<ParameterState> states;

    /// <param name="groups">At least one parameter in all; the parameters stay the caller's.</param>
    /// <param name="states">What the optimizer remembers of each parameter.</param>
    private protected Optimizer(IReadOnlyList<ParameterGroup> groups, params IReadOnlyList<ParameterState> states)
    {
        ArgumentNullException.ThrowIfNull(groups);
        (Groups, this.states) = (groups, states);
    }

    /// <summary>The parameters and their learning rates; a rate that is set holds from the next step on.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Updates every parameter that has a gradient, and uses the gradients up: what they hold afterwards is not said.</summary>
    public void Step()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var index = 0;
        foreach (var group in Groups)
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is { } gradient)
                    Update(index, parameter, gradient, group.LearningRate);
                index++;
            }
    }

    /// <summary>All that the optimizer remembers beside the parameters, by name; the tensors stay its own and go on changing.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, Tensor>> State => [.. states.SelectMany(state => state.Named())];

    /// <summary>Takes back a <see cref="State"/> of an optimizer of the same kind on equal parameters.</summary>
    /// <param name="state">Copied from; on any device. What is not in it counts as not yet remembered.</param>
    /// <exception cref="ArgumentException">A name is unknown, or a tensor has another shape than its parameter.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var noGrad = no_grad();
        IReadOnlyList<Parameter> parameters = [.. Groups.SelectMany(group => group.Parameters)];
        foreach (var (name, value) in state)
            if (!RestoreOwn(name, value) && !states.Any(own => own.Restore(name, value, parameters)))
                throw new ArgumentException($"This optimizer remembers nothing of the name '{name}' and the shape [{string.Join(", ", value.shape)}].", nameof(state));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var state in states)
            state.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Moves one parameter; called without a graph, in a scope that disposes what this makes.</summary>
    /// <param name="index">Of the parameter, counted through all groups.</param>
    /// <param name="parameter">Changed in place.</param>
    /// <param name="gradient">Of its shape; the update may use it up.</param>
    /// <param name="learningRate">Of its group.</param>
    private protected abstract void Update(int index, Parameter parameter, Tensor gradient, double learningRate);

    /// <summary>Takes back what is no <see cref="ParameterState"/>.</summary>
    private protected virtual bool RestoreOwn(string name, Tensor value) => false;
}
