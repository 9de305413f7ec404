using System.Runtime.InteropServices;
using FreezeBench.Kernels.Observing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Optimizing;

/// <summary>
/// Updates parameters from their gradients. Unlike TorchSharp's optimizers, it can put all that it remembers into named
/// tensors and take it back bit for bit, which is what resuming a training needs.
/// </summary>
/// <remarks>
/// Weight decay acts on every parameter, BatchNorm's and the biases too, as torch.optim does unless it is told otherwise.
/// A parameter without a gradient is left alone.
/// <para>
/// On a GPU each operation of an update is one call for all parameters of a group, as torch.optim has it there by default: for
/// ResNet-18's 62 parameters in two groups SGD with momentum and decay makes 8 calls, where one by one there are 248, each a
/// kernel launch; AdamW 20 instead of 558. libtorch makes one launch of such a call, or two where it has many tensors. On the CPU
/// a weight is faster by itself, since it stays in the cache from one operation to the next; the 41 vectors cost more by their calls than
/// by their numbers, and go together: SGD makes 92 calls, AdamW 209. The values are the same bits there; on a GPU
/// neither form was ever run, and libtorch's kernels may round differently.
/// </para>
/// </remarks>
public abstract class Optimizer : IDisposable
{
    private readonly IReadOnlyList<ParameterState> states;
    private ForeachOperators? operators;    // null: one parameter after the other

    /// <param name="groups">At least one parameter in all; the parameters stay the caller's.</param>
    /// <param name="states">What the optimizer remembers of each parameter.</param>
    private protected Optimizer(IReadOnlyList<ParameterGroup> groups, params IReadOnlyList<ParameterState> states)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (var group in groups)
            InRange(group.LearningRate, "learningRate");
        HashSet<nint> known = [];
        foreach (var parameter in groups.SelectMany(group => group.Parameters))
            // Of one tensor there may be several handles.
            if (!known.Add(Marshal.ReadIntPtr(parameter.Handle)))
                throw new ArgumentException("A parameter that is there twice would be moved twice in a step.", nameof(groups));
        (Groups, this.states) = (groups, states);
        if (ForeachOperators.Exported is not null)
            Foreach = OnOneGpu() ? ForeachUse.All : OnCpu() ? ForeachUse.Vectors : ForeachUse.None;
    }

    /// <summary>The parameters and their learning rates; a rate that is set holds from the next step on.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>
    /// For which parameters a step is a few calls for all together. It follows from the device and from libtorch, both of which
    /// belong to the id of an environment: rows of one id are of one form.
    /// </summary>
    /// <value>Where libtorch exports the operators, as 2.10 does on Linux: all on one GPU, vectors on the CPU. It may be set between steps.</value>
    public ForeachUse Foreach
    {
        get;
        set
        {
            operators = value == ForeachUse.None
                ? null
                : ForeachOperators.Exported ?? throw new NotSupportedException("This libtorch does not export the _foreach_ operators.");
            operators?.Prepare(Parameters.First());
            field = value;
        }
    }

    /// <summary>Told of every operation on a parameter, or on a list of them; null, the default: nobody.</summary>
    public IWorkObserver? WorkObserver { get; set; }

    /// <summary>Drops the gradients of all parameters: the next backward pass writes its own instead of adding to them.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters)
            parameter.grad = null;
    }

    /// <summary>Updates every parameter that has a gradient, and uses the gradients up: what they hold afterwards is not said.</summary>
    public void Step()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var index = 0;
        foreach (var group in Groups)
        {
            List<ParameterUpdate> together = [];
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is { } gradient)
                {
                    var update = new ParameterUpdate(index, parameter, gradient);
                    if (GoesTogether(parameter) && HasOwnMemory(parameter) && HasOwnMemory(gradient))
                        together.Add(Checked(update));
                    else
                        Update(update, group.LearningRate);
                }
                index++;
            }
            if (operators is not null && together.Count > 0)
                UpdateTogether(operators, together, group.LearningRate);
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
        IReadOnlyList<Parameter> parameters = [.. Parameters];
        foreach (var (name, value) in state)
            if (!RestoreOwn(name, value) && !states.Any(own => own.Restore(name, value, parameters)))
                throw new ArgumentException($"This optimizer remembers nothing of the name '{name}' and the shape [{string.Join(", ", value.shape)}].", nameof(state));
    }

    /// <summary>Takes over what an optimizer of the same kind remembers of the parameters that both hold, as if those had been its own from the start.</summary>
    /// <remarks>What <c>add_param_group</c> is for in PyTorch, with the parameters in another order: a parameter that is new begins without a memory.</remarks>
    /// <param name="earlier">Not changed.</param>
    /// <exception cref="ArgumentException">It is of another kind.</exception>
    public void CarryOver(Optimizer earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        if (earlier.GetType() != GetType())
            throw new ArgumentException($"A {GetType().Name} takes over nothing of a {earlier.GetType().Name}.", nameof(earlier));
        using var noGrad = no_grad();
        Dictionary<Parameter, int> places = new(ReferenceEqualityComparer.Instance);
        foreach (var (place, parameter) in earlier.Parameters.Index())
            places[parameter] = place;
        foreach (var (index, parameter) in Parameters.Index())
        {
            if (!places.TryGetValue(parameter, out var before))
                continue;
            foreach (var (own, others) in states.Zip(earlier.states))
                if (others.Find(before) is { } value)
                    own.FindOrBegin(index, parameter).copy_(value);
            CarryOwnOver(earlier, before, index);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var state in states)
            state.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Moves one parameter; called without a graph, in a scope that disposes what this makes.</summary>
    /// <remarks>
    /// Every number that goes to TorchSharp is to be a <see cref="Scalar"/> that is disposed after the call, an alpha of 1 too. One
    /// that TorchSharp makes of a <c>double</c>, or of an alpha left out, can be finalized and so freed while libtorch still reads
    /// it: a garbage collection at the wrong moment is then an error at best ("Expected false to be true, but got false").
    /// </remarks>
    /// <param name="update">The parameter and its gradient.</param>
    /// <param name="learningRate">Of its group.</param>
    private protected abstract void Update(ParameterUpdate update, double learningRate);

    /// <summary>Moves the parameters of a group as <see cref="Update"/> moves each, operation by operation.</summary>
    /// <param name="operators">Not to be handed tensors of unlike shapes, types or devices: the process would end.</param>
    /// <param name="updates">Those that have a gradient, of the parameter's shape, type and device; one or more.</param>
    /// <param name="learningRate">Of the group.</param>
    private protected abstract void UpdateTogether(ForeachOperators operators, IReadOnlyList<ParameterUpdate> updates, double learningRate);

    /// <summary>Those of the parameters that train, as one group.</summary>
    private protected static IReadOnlyList<ParameterGroup> OneGroup(IEnumerable<Parameter> parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var trained = parameters.Where(parameter => parameter.requires_grad).ToList();
        return trained.Count > 0
            ? [new ParameterGroup(trained, learningRate)]
            : throw new ArgumentException("There is no parameter that trains: all have requires_grad = false.", nameof(parameters));
    }

    /// <summary>Refuses a number that is not from 0 to below a limit.</summary>
    private protected static void InRange(double number, string name, double below = double.PositiveInfinity)
    {
        if (!(number >= 0 && number < below))
            throw new ArgumentOutOfRangeException(name, number, double.IsFinite(below) ? $"It must be from 0 to below {below}." : "It must be 0 or more, and finite.");
    }

    /// <summary>Around one operation of libtorch's on a parameter or a list of them, and nothing else.</summary>
    private protected Work Working() => Work.Begun(WorkObserver);

    /// <summary>Takes back what is no <see cref="ParameterState"/>.</summary>
    private protected virtual bool RestoreOwn(string name, Tensor value) => false;

    /// <summary>Takes over what of a parameter is no <see cref="ParameterState"/>.</summary>
    private protected virtual void CarryOwnOver(Optimizer earlier, int before, int index)
    {
    }

    private IEnumerable<Parameter> Parameters => Groups.SelectMany(group => group.Parameters);

    private bool GoesTogether(Tensor parameter) => Foreach == ForeachUse.All || (Foreach == ForeachUse.Vectors && parameter.dim() <= 1);

    private bool OnCpu() => Parameters.Any() && Parameters.All(parameter => parameter.device_type == DeviceType.CPU);

    private bool OnOneGpu() => Parameters.FirstOrDefault() is { device_type: DeviceType.CUDA } first
        && Parameters.All(parameter => parameter.device_type == DeviceType.CUDA && parameter.device_index == first.device_index);

    // backward() makes no other gradient, but one can be set by hand.
    private static ParameterUpdate Checked(ParameterUpdate update)
    {
        var (parameter, gradient) = (update.Parameter, update.Gradient);
        return gradient.dtype == parameter.dtype && gradient.device_type == parameter.device_type && gradient.device_index == parameter.device_index
            && SameShape(gradient, parameter)
            ? update
            : throw new InvalidOperationException($"The gradient of parameter {update.Index} is {Described(gradient)}, and the parameter is {Described(parameter)}.");
    }

    // Several elements in one place: libtorch throws at writing there, which through the foreach operators would end the process.
    private static bool HasOwnMemory(Tensor tensor)
    {
        if (tensor.is_sparse)
            return false;
        for (var dimension = (int)tensor.dim() - 1; dimension >= 0; dimension--)
            if (tensor.stride(dimension) == 0 && tensor.size(dimension) > 1)
                return false;
        return true;
    }

    // Tensor.shape makes an array each time: ten times as slow, for every parameter of every step.
    private static bool SameShape(Tensor one, Tensor other)
    {
        var dimensions = one.dim();
        var same = dimensions == other.dim();
        for (var dimension = 0; same && dimension < dimensions; dimension++)
            same = one.size(dimension) == other.size(dimension);
        return same;
    }

    private static string Described(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}] on {tensor.device}";
}
