using static TorchSharp.torch;

namespace FreezeBench.Benchmarks.Layers;

/// <summary>
/// A function that changes nothing, whose backward pass tells that a gradient has come to its place: TorchSharp has no hooks on
/// tensors, but it has functions of one's own.
/// </summary>
internal sealed class BackwardMark : autograd.SingleTensorFunction<BackwardMark>
{
    private const string Told = "told";

    public override string Name => nameof(BackwardMark);

    /// <summary>The same values in the same memory; in the graph, a step of its own.</summary>
    /// <param name="value">Any tensor; without a gradient to come it is returned as it is.</param>
    /// <param name="told">
    /// Called in the backward pass with the gradients that pass here. They are the caller's to dispose when that pass is over: on
    /// a GPU it runs in libtorch's own thread, which has no dispose scope, and they would stay until the garbage is collected.
    /// </param>
    internal static Tensor On(Tensor value, Action<IReadOnlyList<Tensor>> told) =>
        is_grad_enabled() && value.requires_grad ? apply(value, told) : value;

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data(Told, vars[1]);
        // Not the tensor itself: libtorch would make it a view, which the ReLU after it may not change in place.
        return ((Tensor)vars[0]).detach();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var passed = grad_output.alias();
        ((Action<IReadOnlyList<Tensor>>)ctx.get_data(Told))([grad_output, passed]);
        return [passed, null!];
    }
}
