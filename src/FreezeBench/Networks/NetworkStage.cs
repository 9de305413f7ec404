using static TorchSharp.torch;

namespace FreezeBench.Networks;

/// <summary>
/// A part of a network between two cuts. Running all stages one after the other gives, bit for bit, what the network's module gives.
/// </summary>
/// <param name="Name">Of the stage in its network: <c>stem</c>, <c>layer1</c> to <c>layer4</c>, <c>backbone</c>, <c>head</c>.</param>
/// <param name="Modules">Those with parameters or modes; none is in two stages, nor inside another one of the list.</param>
/// <param name="Run">
/// From what the stage before gives, or the images, to a tensor in the caller's dispose scope. It builds a graph or none as the caller's
/// grad mode says, and goes by the modules' own train or eval modes.
/// </param>
public sealed record NetworkStage(string Name, IReadOnlyList<nn.Module> Modules, Func<Tensor, Tensor> Run)
{
    /// <summary>The modules of the list and all inside them, each before those inside it.</summary>
    internal IEnumerable<nn.Module> AllModules => Modules.SelectMany(module => module.modules().Prepend(module));
}
