using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Convolutions;

/// <summary>Training of a TorchSharp model by the fast layers: one call before it, and one in each step.</summary>
/// <remarks>
/// What is forgotten costs time and never a gradient: a prepared model trains as before with <c>loss.backward()</c>, batches of any memory format
/// and any optimizer, and an unprepared one with <see cref="Backward"/>.
/// </remarks>
public static class FastTraining
{
    /// <summary>
    /// Replaces those convolutions of a model that have a faster layer (<see cref="TrainedConvolution"/>), and lays the model's 4-d parameters out
    /// channels-last.
    /// </summary>
    /// <remarks>
    /// The parameters stay the same objects with the same values and names, in the same order: optimizers, state dicts and what is frozen go
    /// on as they were. Call it again after <c>model.to(device)</c>, which keeps neither the objects nor the memory format. A convolution is replaced where its module
    /// finds it: in a field, a list or an array that can hold another module of <c>Tensor</c> to <c>Tensor</c>.
    /// </remarks>
    /// <param name="model">On any device. A model that is itself one convolution is only laid out: nothing holds it.</param>
    /// <returns>By name what was replaced, and what was left and why.</returns>
    public static PreparedLayers Prepare(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var prepared = Replace(model);
        MemoryFormat.ChannelsLast.ApplyTo(model);
        return prepared;
    }

    /// <summary>The first half of <see cref="Prepare"/>: the parameters lie as they did.</summary>
    internal static PreparedLayers Replace(nn.Module model)
    {
        List<string> replaced = [];
        List<(string Name, string Reason)> left = [];
        Dictionary<Conv2d, TrainedConvolution> layers = new(ReferenceEqualityComparer.Instance);
        foreach (var (parentName, parent) in model.named_modules().Prepend((name: "", module: model)).ToList())
            // One child may have several names, and is one layer in all its places.
            foreach (var names in parent.named_children().GroupBy(child => child.module, child => child.name).ToList())
            {
                if (names.Key is not Conv2d convolution)
                    continue;
                var reason = ReasonToLeave(convolution) ?? ModulePlaces.Of(parent, convolution)
                    .Replace(() => layers.TryGetValue(convolution, out var known) ? known : layers[convolution] = new TrainedConvolution(convolution));
                foreach (var name in names.Select(name => parentName.Length == 0 ? name : $"{parentName}.{name}"))
                    if (reason is null)
                        replaced.Add(name);
                    else
                        left.Add((name, reason));
            }
        return new(replaced, left);
    }

    /// <summary>The backward pass of a loss: <c>loss.backward()</c>, where the fast layers leave their weights' gradients without a copy.</summary>
    /// <param name="loss">A scalar with a graph, which is used up. Not disposed.</param>
    /// <exception cref="ExternalException">What libtorch says.</exception>
    /// <exception cref="InvalidOperationException">The graph went through such a pass before.</exception>
    public static void Backward(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        TapGradient.Backward(loss);
    }

    private static string? ReasonToLeave(Conv2d convolution) =>
        !TrainedConvolution.Takes(convolution) ? "it has groups, dilation, or padding that is not zeros in given numbers"
        : !TapGradient.IsFor(convolution.weight!, convolution.stride, convolution.padding!) ? "there is a faster layer for 3x3 kernels alone, with one stride and one padding for both directions"
        : ModuleHooks.AreOn(convolution) ? "it has hooks, which would be lost"
        : null;
}
