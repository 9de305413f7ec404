using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Convolutions;

/// <summary>Every place in which a module keeps one of its children, for its forward pass to find it there.</summary>
internal sealed class ModulePlaces
{
    private readonly nn.Module parent;
    private readonly nn.Module child;
    private readonly List<Place> places = [];

    private ModulePlaces(nn.Module parent, nn.Module child) => (this.parent, this.child) = (parent, child);

    /// <summary>The places of a child: fields, and elements of lists and arrays in fields.</summary>
    /// <param name="parent">Whose child it is.</param>
    /// <param name="child">The child.</param>
    internal static ModulePlaces Of(nn.Module parent, nn.Module child)
    {
        var found = new ModulePlaces(parent, child);
        for (var type = parent.GetType(); type is not null; type = type.BaseType)
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                var value = field.GetValue(parent);
                if (ReferenceEquals(value, child))
                    found.places.Add(new(field.FieldType, module => field.SetValue(parent, module)));
                else if (value is IList elements)
                    found.AddElements(elements);
            }
        return found;
    }

    /// <summary>Puts another module into all places, and under every name in the list by which TorchSharp knows it, or into none.</summary>
    /// <param name="made">Makes it, if there is a use for it.</param>
    /// <returns>Why it was left; null: it was replaced.</returns>
    internal string? Replace(Func<nn.Module> made)
    {
        if (places.Count == 0)
            return "no field, list or array of its module holds it";
        if (places.Find(place => !place.Type.IsAssignableFrom(typeof(TrainedConvolution))) is { } narrow)
            return $"its module holds it as a {narrow.Type.Name}, which the faster layer is not";
        var module = made();
        places.ForEach(place => place.Set(module));
        // A Sequential's list, which was one of the places, is all that it has.
        var registered = Registered(parent);
        foreach (var name in registered.Keys.Where(name => ReferenceEquals(registered[name], child)).ToList())
            registered[name] = module;
        return null;
    }

    private void AddElements(IList elements)
    {
        for (var index = 0; index < elements.Count; index++)
        {
            var own = index;
            if (ReferenceEquals(elements[index], child))
                places.Add(new(ElementType(elements), module => elements[own] = module));
        }
    }

    private static Type ElementType(IList elements) =>
        Array.Find(elements.GetType().GetInterfaces(), type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))?.GetGenericArguments()[0] ?? typeof(object);

    // The order of children, and so of parameters, is this dictionary's.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_internal_submodules")]
    private static extern ref OrderedDict<string, nn.Module> Registered(nn.Module module);

    private sealed record Place(Type Type, Action<nn.Module> Set);
}
