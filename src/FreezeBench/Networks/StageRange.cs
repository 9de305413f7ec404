using static TorchSharp.torch;

namespace FreezeBench.Networks;

/// <summary>Runs stages of a network one after the other.</summary>
internal static class StageRange
{
    /// <summary>A part of a network, both ends included. It builds a graph or none as the caller's grad mode says.</summary>
    /// <param name="network">Whose stages.</param>
    /// <param name="input">What the stage before <paramref name="first"/> gives, or the images.</param>
    /// <param name="first">Index of the stage that gets the input.</param>
    /// <param name="last">Index of the stage whose output is returned; not before <paramref name="first"/>.</param>
    /// <returns>In the caller's dispose scope.</returns>
    internal static Tensor RunStages(this INetwork network, Tensor input, int first, int last)
    {
        var output = network.Stages[first].Run(input);
        for (var stage = first + 1; stage <= last; stage++)
        {
            using var previous = output;   // the graph, if there is one, keeps what backward needs
            output = network.Stages[stage].Run(previous);
        }
        return output;
    }
}
