using FreezeBench.Kernels.Observing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>A convolution, and ReLU of it where one follows.</summary>
internal sealed class ConvolutionOperation(FoldedConvolution convolution, bool relu) : IFoldedOperation
{
    public bool NeedsFinite => relu && convolution.NeedsFinite;

    public bool GivesOwnMemory => true;

    public (double Inside, double Output) Bound(double input)
    {
        var output = convolution.Bound(input);
        return (output, output);
    }

    public Tensor Run(Tensor input, bool mayOverwrite, FoldedPass pass) => convolution.Run(input, pass, relu);

    public void Dispose() => convolution.Dispose();
}

/// <summary>An operation of libtorch's that is called as it is.</summary>
/// <param name="call">One call into libtorch.</param>
/// <param name="isPool">Whether it makes a tensor of its own, and no output is larger than the largest input: a pool, a mean, ReLU.</param>
internal sealed class OtherOperation(Func<Tensor, Tensor> call, bool isPool) : IFoldedOperation
{
    public bool NeedsFinite => false;

    // Of a module nobody knows what it does, or who keeps what it gave.
    public bool GivesOwnMemory => isPool;

    public (double Inside, double Output) Bound(double input) => (input, isPool ? input : double.PositiveInfinity);

    public Tensor Run(Tensor input, bool mayOverwrite, FoldedPass pass)
    {
        var output = Work.Seen(pass.Work, () => call(input));
        return ReferenceEquals(output, input) ? input.alias() : output;
    }

    public void Dispose()
    {
    }
}

/// <summary>Makes operations of a network's modules.</summary>
internal static class FoldedOperations
{
    /// <summary>The modules in turn, each BatchNorm folded into the convolution right before it.</summary>
    /// <param name="modules">As <see cref="FoldedSequence.Of"/> takes them.</param>
    /// <param name="type">Of the copies.</param>
    /// <exception cref="ArgumentException">A module takes something else than a tensor, or is in train mode.</exception>
    internal static List<IFoldedOperation> Of(IEnumerable<(string Name, nn.Module Module)> modules, ScalarType type)
    {
        List<IFoldedOperation> made = [];
        var rest = new Queue<(string Name, nn.Module Module)>(Flat(modules));
        try
        {
            while (rest.TryDequeue(out var next))
                if (Made(next.Name, next.Module, rest, type) is { } operation)
                    made.Add(operation);
            return made;
        }
        catch
        {
            made.ForEach(operation => operation.Dispose());
            throw;
        }
    }

    private static IFoldedOperation? Made(string name, nn.Module module, Queue<(string Name, nn.Module Module)> rest, ScalarType type)
    {
        if (module.training)
            throw new ArgumentException($"'{name}' is in train mode, and a folded copy is for inference: call eval() first.");
        if (ModuleHooks.AreOn(module))
            return AsItIs(name, module);
        switch (module)
        {
            case IFoldableBlock block:
                return block.Fold(name, type);
            case not null when ConvolutionParts.Of(module) is not null:
                var norm = Next<BatchNorm2d>(rest, FoldedConvolution.Folds);
                return new ConvolutionOperation(new(name, module, norm, type), Next<ReLU>(rest, _ => true) is not null);
            // In eval mode they hand on what they are given.
            case Dropout or Dropout2d or Identity:
                return null;
            // In its place it would change its input, which may be the caller's.
            case ReLU:
                return new OtherOperation(input => nn.functional.relu(input), isPool: true);
            default:
                return AsItIs(name, module!);
        }
    }

    private static T? Next<T>(Queue<(string Name, nn.Module Module)> rest, Func<T, bool> suits) where T : nn.Module
    {
        if (!rest.TryPeek(out var next) || next.Module is not T module || module.training || ModuleHooks.AreOn(module) || !suits(module))
            return null;
        rest.Dequeue();
        return module;
    }

    private static OtherOperation AsItIs(string name, nn.Module module) => module is nn.Module<Tensor, Tensor> taking
        ? new(taking.call, isPool: module is MaxPool2d or AvgPool2d or AdaptiveAvgPool2d or AdaptiveMaxPool2d && !ModuleHooks.AreOn(module))
        : throw new ArgumentException($"'{name}', a {module.GetType().Name}, does not take one tensor and give one.");

    private static IEnumerable<(string Name, nn.Module Module)> Flat(IEnumerable<(string Name, nn.Module Module)> modules) => modules.SelectMany(one =>
        one.Module is Sequential inner && one.Module.GetType() == typeof(Sequential) && !ModuleHooks.AreOn(inner)
            ? Flat(inner.named_children().Select(child => ($"{one.Name}.{child.name}", child.module)))
            : [one]);
}
