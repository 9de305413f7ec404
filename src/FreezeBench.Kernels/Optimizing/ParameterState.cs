using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Optimizing;

/// <summary>One tensor for each parameter that an optimizer remembers something of: momentum, say.</summary>
/// <param name="name">First part of the names, for example <c>momentum</c>.</param>
internal sealed class ParameterState(string name) : IDisposable
{
    private readonly SortedDictionary<int, Tensor> values = [];

    /// <summary>What is remembered of a parameter; null: nothing yet.</summary>
    public Tensor? Find(int index) => values.GetValueOrDefault(index);

    /// <summary>Begins to remember: zeros laid out as the parameter is.</summary>
    /// <remarks>
    /// As the parameter, and not as the gradient, so that a restored tensor lies in memory as the first one did: libtorch's
    /// loops may round differently over other strides.
    /// </remarks>
    public Tensor Begin(int index, Tensor parameter)
    {
        var value = zeros_like(parameter).DetachFromDisposeScope();
        values.Add(index, value);
        return value;
    }

    /// <summary>What is remembered of a parameter, which begins with zeros.</summary>
    public Tensor FindOrBegin(int index, Tensor parameter) => Find(index) ?? Begin(index, parameter);

    /// <summary>All by name, such as <c>momentum.3</c>.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Named() =>
        values.Select(value => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"{name}.{value.Key}"), value.Value));

    /// <summary>Copies a tensor in, if the name is one of these and the shape is the parameter's.</summary>
    public bool Restore(string full, Tensor value, IReadOnlyList<Parameter> parameters)
    {
        if (!full.StartsWith(name + ".", StringComparison.Ordinal)
            || !int.TryParse(full.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || index >= parameters.Count || !value.shape.SequenceEqual(parameters[index].shape))
            return false;
        FindOrBegin(index, parameters[index]).copy_(value);
        return true;
    }

    public void Dispose()
    {
        foreach (var value in values.Values)
            value.Dispose();
        values.Clear();
    }
}
