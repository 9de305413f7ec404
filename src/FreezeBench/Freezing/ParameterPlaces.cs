using FreezeBench.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Freezing;

/// <param name="Parameter">Of the network.</param>
/// <param name="Place">What a policy is asked about.</param>
internal sealed record PlacedParameter(Parameter Parameter, ParameterPlace Place);

/// <summary>Finds out where each parameter of a network is.</summary>
internal static class ParameterPlaces
{
    /// <summary>Every parameter once, stage by stage, in the order of each stage's modules.</summary>
    internal static IReadOnlyList<PlacedParameter> Of(INetwork network)
    {
        var stages = network.Stages.Select(stage => stage.Name).ToList();
        var owners = network.Module.named_modules().Prepend(("", network.Module)).ToList();
        Dictionary<Parameter, (string Name, ParameterRole Role)> known = new(ReferenceEqualityComparer.Instance);
        foreach (var (prefix, module) in owners)
            foreach (var (name, parameter) in module.named_parameters(recurse: false))
                known.TryAdd(parameter, (prefix.Length == 0 ? name : $"{prefix}.{name}", RoleOf(module, name)));
        HashSet<Parameter> seen = new(ReferenceEqualityComparer.Instance);
        return
        [
            .. from stage in Enumerable.Range(0, stages.Count)
               from module in network.Stages[stage].Modules
               from parameter in module.parameters()
               where seen.Add(parameter)
               let what = known.GetValueOrDefault(parameter, ("", ParameterRole.Weight))
               select new PlacedParameter(parameter, new ParameterPlace(what.Item1, what.Item2, stage, stages)),
        ];
    }

    private static ParameterRole RoleOf(nn.Module owner, string name) => (owner is NormBase or LayerNorm or GroupNorm, name.EndsWith("bias", StringComparison.Ordinal)) switch
    {
        (true, true) => ParameterRole.NormBias,
        (true, false) => ParameterRole.NormWeight,
        (false, true) => ParameterRole.Bias,
        _ => ParameterRole.Weight,
    };
}
