using FreezeBench.Freezing;
using FreezeBench.Kernels.Optimizing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Optimizing;

/// <summary>
/// The trained parameters of a network in groups of one learning rate: the head's, and the backbone's, or with
/// <see cref="Recipe.LearningRateDecay"/> a group for each of its stages.
/// </summary>
/// <remarks>
/// Discriminative rates: Howard and Ruder, "Universal Language Model Fine-tuning for Text Classification", 2018, section 3.2; counted as in BEiT
/// (Bao et al., 2022), where the head has the bare rate and the last block the first power of the decay.
/// </remarks>
internal sealed class RateGroups
{
    private readonly List<(ParameterGroup Group, double Share)> backbone;
    private readonly ParameterGroup head;

    /// <param name="network">Under its policy.</param>
    /// <param name="options">Rates and decay.</param>
    internal RateGroups(PolicyNetwork network, TrainingOptions options)
    {
        head = new ParameterGroup(network.HeadParameters, options.LearningRateHead);
        backbone = options.LearningRateDecay is { } decay && network.BackboneParameters.Count > 0
            ? [.. ByStage(network).Select(stage => (Share: Math.Pow(decay, network.Network.Stages.Count - 1 - stage.Key), stage.Value))
                .Select(stage => (new ParameterGroup(stage.Value, stage.Share * options.LearningRateBackbone), stage.Share))]
            : [(new ParameterGroup(network.BackboneParameters, options.LearningRateBackbone), 1)];
    }

    /// <summary>The backbone's from the first stage on, then the head's.</summary>
    internal IReadOnlyList<ParameterGroup> All => [.. backbone.Select(group => group.Group), head];

    /// <summary>Sets the rates of the next step.</summary>
    internal void Set(LearningRates rates)
    {
        head.LearningRate = rates.Head;
        foreach (var (group, share) in backbone)
            group.LearningRate = share * rates.Backbone;
    }

    private static SortedDictionary<int, List<Parameter>> ByStage(PolicyNetwork network)
    {
        Dictionary<Parameter, int> stages = new(ReferenceEqualityComparer.Instance);
        foreach (var place in ParameterPlaces.Of(network.Network))
            stages[place.Parameter] = place.Place.Stage;
        var modules = network.Network.Module.named_modules().ToDictionary(item => item.name, item => item.module);
        foreach (var (name, adapter) in network.AdapterParameters)
            stages[adapter] = StageOf(network, modules[name[..name.LastIndexOf('.')]]);
        SortedDictionary<int, List<Parameter>> found = [];
        foreach (var parameter in network.BackboneParameters)
        {
            if (!found.TryGetValue(stages[parameter], out var stage))
                found[stages[parameter]] = stage = [];
            stage.Add(parameter);
        }
        return found;
    }

    // An adapter belongs to the stage of the layer that it hangs on.
    private static int StageOf(PolicyNetwork network, nn.Module layer) =>
        network.Network.Stages.Index().First(stage => stage.Item.AllModules.Contains(layer, ReferenceEqualityComparer.Instance)).Index;
}
