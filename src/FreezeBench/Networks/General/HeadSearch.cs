using FreezeBench.Results;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks.General;

/// <summary>Where the head is in a module, and what the rest of the module is.</summary>
internal static class HeadSearch
{
    /// <summary>The head and its last linear layer.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    internal static (nn.Module<Tensor, Tensor> Module, LinearHead Classifier) Find(nn.Module module, string headName)
    {
        var found = module;
        foreach (var part in headName.Split('.'))
        {
            var inside = found.named_children().ToList();
            found = inside.FirstOrDefault(child => child.name == part).module
                ?? throw new UserErrorException($"The head '{headName}' was asked for, but {found.GetType().Name} has no '{part}'. Inside it: {(inside is [] ? "nothing" : string.Join(", ", inside.Select(child => child.name)))}.");
        }
        if (found is not nn.Module<Tensor, Tensor> head)
            throw new UserErrorException($"The head '{headName}' is a {found.GetType().Name}, which does not map one tensor to one tensor. Name a part that does.");
        return head is Linear itself
            ? (head, new(headName, itself))
            : (head, LastLinear(head, headName) ?? throw new UserErrorException($"The head '{headName}' has no linear layer in it ({head.GetType().Name}). Name the part with the classifying layer."));
    }

    /// <summary>Everything outside the head, as modules of which none contains another.</summary>
    /// <exception cref="UserErrorException">Nothing of it has parameters.</exception>
    internal static IReadOnlyList<nn.Module> Backbone(nn.Module module, string headName, nn.Module head)
    {
        List<nn.Module> parts = [];
        Collect(module, head, parts);
        return parts.Any(part => part.parameters().Any())
            ? parts
            : throw new UserErrorException($"Nothing before the head '{headName}' has parameters: there is no backbone to freeze or to train. Name a smaller part as the head.");
    }

    private static void Collect(nn.Module module, nn.Module head, List<nn.Module> parts)
    {
        // A module may be registered in two places.
        if (ReferenceEquals(module, head) || parts.Contains(module))
            return;
        if (!module.modules().Contains(head))
        {
            parts.Add(module);
            return;
        }
        parts.Add(OwnState.Of(module));
        foreach (var child in module.children())
            Collect(child, head, parts);
    }

    private static LinearHead? LastLinear(nn.Module module, string name)
    {
        foreach (var (childName, child) in module.named_children().Reverse())
            if (child is Linear linear)
                return new($"{name}.{childName}", linear);
            else if (LastLinear(child, $"{name}.{childName}") is { } inside)
                return inside;
        return null;
    }
}
