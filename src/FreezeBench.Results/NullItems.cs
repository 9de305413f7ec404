using System.Collections;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace FreezeBench.Results;

/// <summary>Looks through what was read from JSON for items of lists and values of dictionaries that are null and may not be.</summary>
internal static class NullItems
{
    /// <summary>The first that is found; null: there is none.</summary>
    /// <param name="type">As which the value was read.</param>
    /// <param name="value">The value.</param>
    /// <param name="path">Where it is, such as <c>$.checks</c>.</param>
    internal static string? Find(JsonTypeInfo type, object value, string path) => type.Kind switch
    {
        JsonTypeInfoKind.Enumerable => First(((IEnumerable)value).Cast<object?>().Index().Select(item => Item(type, item.Item, string.Create(CultureInfo.InvariantCulture, $"{path}[{item.Index}]")))),
        JsonTypeInfoKind.Dictionary when value is IDictionary map => First(map.Keys.Cast<object>().Select(key => Item(type, map[key], $"{path}.{key}"))),
        // What no text is read into is computed, and may throw.
        JsonTypeInfoKind.Object => First(type.Properties.Where(property => property.Get is not null && (property.Set is not null || property.AssociatedParameter is not null))
            .Select(property => property.Get!(value) is { } inner ? Find(type.Options.GetTypeInfo(property.PropertyType), inner, $"{path}.{property.Name}") : null)),
        _ => null,
    };

    private static string? Item(JsonTypeInfo type, object? item, string path) => (item, type.ElementType) switch
    {
        (null, { } element) when Nullable.GetUnderlyingType(element) is not null => null,
        (null, _) => path,
        (_, { } element) => Find(type.Options.GetTypeInfo(element), item, path),
        _ => null,
    };

    private static string? First(IEnumerable<string?> paths) => paths.FirstOrDefault(path => path is not null);
}
