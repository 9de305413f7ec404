using System.Diagnostics;
using FreezeBench.Kernels.Observing;
using FreezeBench.Results.Statistics;
using FreezeBench.Training;
using static TorchSharp.torch;

namespace FreezeBench.Benchmarks.Layers;

/// <summary>
/// How long the host is in a step without being inside one of the calls that hand libtorch its pieces of work: what the batch is made
/// by, the forward pass of each convolution, BatchNorm and linear layer, one call each, the loss and its sums, the backward pass,
/// which is one call, and the optimizer's operations on a parameter or a list of them.
/// </summary>
/// <remarks>
/// For each of these calls a whole empty one is added, since the way into libtorch is not its work. Where we make the gradient of a
/// convolution's weight ourselves, our part of it in both passes counts, without the products and copies, and
/// libtorch's way back to us as a whole empty function of the graph. What remains has all of our code in it and, but for what a
/// call has around itself, TorchSharp's; and still libtorch's part of views, of ReLU and of additions between layers: an upper bound.
/// </remarks>
/// <param name="emptyCallTicks">Of a call into libtorch that does nothing, from <see cref="EmptyCallTicks"/>.</param>
/// <param name="emptyFunctionTicks">Of a function of ours in libtorch's graph that does nothing, from <see cref="EmptyFunctionTicks"/>.</param>
/// <param name="now">The host's clock, in <see cref="Stopwatch.Frequency"/> ticks: the device's work is not the harness's.</param>
internal sealed class OverheadClock(double emptyCallTicks, double emptyFunctionTicks, Func<long> now) : IPhaseObserver, ILayerObserver, IWorkObserver
{
    private long begin;
    private long entered;
    private long inside;
    private int calls;
    private int functions;

    /// <summary>Of the step that ended last.</summary>
    internal double LastMs { get; private set; }

    public void StepBegins()
    {
        (inside, calls, functions) = (0, 0, 0);
        begin = now();
    }

    public void PhaseEnds(StepPhase phase)
    {
        if (phase == StepPhase.Loss)
            entered = now();
        else if (phase == StepPhase.Backward)
            Leave();
        else if (phase == StepPhase.Optimizer)
            LastMs = (now() - begin - inside + (calls * emptyCallTicks) + (functions * emptyFunctionTicks)) * 1000 / Stopwatch.Frequency;
    }

    public void ForwardBegins(string layer) => entered = now();

    public void ForwardEnds(string layer) => Leave();

    public void WorkEnds(bool calledBack = false)
    {
        Leave();
        if (calledBack)
            functions++;
    }

    public void WorkBegins() => entered = now();

    /// <summary>What a call into libtorch costs that does nothing: a tensor that shares another's memory, made and disposed.</summary>
    /// <returns>The median of many, in <see cref="Stopwatch.Frequency"/> ticks.</returns>
    internal static double EmptyCallTicks()
    {
        using var value = zeros(1);
        return Median(() =>
        {
            var start = Stopwatch.GetTimestamp();
            value.alias().Dispose();
            return Stopwatch.GetTimestamp() - start;
        });
    }

    /// <summary>What it costs that libtorch's backward pass calls a function of ours that changes nothing.</summary>
    /// <returns>The difference of two medians of many, in <see cref="Stopwatch.Frequency"/> ticks.</returns>
    internal static double EmptyFunctionTicks()
    {
        using var value = zeros(1, requires_grad: true);
        var (with, without) = (Median(() => BackwardTicks(value, marked: true)), Median(() => BackwardTicks(value, marked: false)));
        return Math.Max(0, with - without);
    }

    private static long BackwardTicks(Tensor value, bool marked)
    {
        using var scope = NewDisposeScope();
        List<Tensor> gradients = [];
        var end = marked ? BackwardMark.On(value.alias(), gradients.AddRange) : value.alias();
        var start = Stopwatch.GetTimestamp();
        end.backward();
        var ticks = Stopwatch.GetTimestamp() - start;
        foreach (var gradient in gradients)
            gradient.Dispose();
        return ticks;
    }

    // Of the means of short rounds: single calls scatter by more than they take.
    private static double Median(Func<long> ticks)
    {
        const int Rounds = 101, CallsInARound = 100;
        return SampleSummary.Of([.. Enumerable.Range(0, Rounds).Select(_ => Enumerable.Range(0, CallsInARound).Average(_ => ticks()))]).Median;
    }

    private void Leave()
    {
        inside += now() - entered;
        calls++;
    }
}
