using System.Diagnostics;
using FreezeBench.Models;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Profiling;

/// <summary>
/// How long the host is in a step without being inside one of the calls that hand libtorch its large pieces of work: the
/// backward pass, which is one call, and the forward pass of each convolution, BatchNorm and linear layer, one call each.
/// </summary>
/// <remarks>
/// For each of these calls a whole empty one is added, since the way into libtorch is not its work. What remains has all of our
/// code and of TorchSharp's in it, and still libtorch's part of some hundred small calls: an upper bound. Not in it is what the backward
/// pass calls back for, on CPUs where gradients of weights are made by us: small calls, too, for each of ResNet-18's eight
/// such convolutions at 32 px.
/// </remarks>
/// <param name="emptyCallTicks">Of a call into libtorch that does nothing, from <see cref="EmptyCallTicks"/>.</param>
/// <param name="now">The host's clock, in <see cref="Stopwatch.Frequency"/> ticks: the device's work is not the harness's.</param>
internal sealed class OverheadClock(double emptyCallTicks, Func<long> now) : IPhaseObserver, ILayerObserver
{
    private long begin;
    private long entered;
    private long inside;
    private int calls;

    /// <summary>Of the step that ended last.</summary>
    internal double LastMs { get; private set; }

    /// <inheritdoc/>
    public void StepBegins()
    {
        (inside, calls) = (0, 0);
        begin = now();
    }

    /// <inheritdoc/>
    public void PhaseEnds(StepPhase phase)
    {
        if (phase == StepPhase.Loss)
            entered = now();
        else if (phase == StepPhase.Backward)
            Leave();
        else if (phase == StepPhase.Optimizer)
            LastMs = (now() - begin - inside + (calls * emptyCallTicks)) * 1000 / Stopwatch.Frequency;
    }

    /// <inheritdoc/>
    public void ForwardBegins(string layer) => entered = now();

    /// <inheritdoc/>
    public void ForwardEnds(string layer) => Leave();

    /// <summary>What a call into libtorch costs that does nothing: a tensor that shares another's memory, made and disposed.</summary>
    /// <returns>The median of many, in <see cref="Stopwatch.Frequency"/> ticks.</returns>
    internal static double EmptyCallTicks()
    {
        const int Rounds = 101, CallsInARound = 100;
        using var value = TorchSharp.torch.zeros(1);
        var rounds = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var call = 0; call < CallsInARound; call++)
                value.alias().Dispose();
            rounds[round] = (double)(Stopwatch.GetTimestamp() - start) / CallsInARound;
        }
        Array.Sort(rounds);
        return rounds[Rounds / 2];
    }

    private void Leave()
    {
        inside += now() - entered;
        calls++;
    }
}
