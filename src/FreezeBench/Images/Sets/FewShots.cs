using System.Globalization;
using FreezeBench.Results;

namespace FreezeBench.Images.Sets;

/// <summary>A smaller set with as many images of every class.</summary>
public static class FewShots
{
    /// <summary>Draws so many images of each class. Of one seed the smaller draws are parts of the larger ones.</summary>
    /// <param name="data">The whole set; not changed, not disposed.</param>
    /// <param name="shots">Images of each class, 1 or more.</param>
    /// <param name="seed">Same seed, same images.</param>
    /// <returns>A set of the caller's.</returns>
    /// <exception cref="UserErrorException">Classes have fewer images, and are named.</exception>
    public static ImageSet Take(ImageSet data, int shots, int seed)
    {
        ThrowIfTooFew(data, shots);
        // Sorted: the order of training is the shuffle's matter.
        return data.Select([.. ClassDraw.OfTensor(data.Labels, seed).SelectMany(group => group.Take(shots)).Order()]);
    }

    /// <summary>Says before anything is trained whether every class has so many images.</summary>
    /// <param name="data">The whole set.</param>
    /// <param name="shots">Images of each class, 1 or more.</param>
    /// <param name="classes">Labels that are asked for; null: all.</param>
    /// <exception cref="UserErrorException">Classes have fewer images, and are named.</exception>
    public static void ThrowIfTooFew(ImageSet data, int shots, IReadOnlyList<int>? classes = null)
    {
        const int MostNamed = 10;
        ArgumentOutOfRangeException.ThrowIfLessThan(shots, 1);
        using var host = data.Labels.cpu();
        var counts = host.data<long>().ToArray().CountBy(label => label).ToDictionary();
        var few = (classes ?? [.. Enumerable.Range(0, data.Classes)]).Select(label => (Name: data.ClassNames[label], Count: counts.GetValueOrDefault(label))).Where(item => item.Count < shots).ToList();
        if (few is not [])
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"‹shots› is {shots}, but '{data.Name}' has fewer training images of {few.Count} {(few.Count == 1 ? "class" : "classes")}: "
                + $"{string.Join(", ", few.Take(MostNamed).Select(item => string.Create(CultureInfo.InvariantCulture, $"'{item.Name}' has {item.Count}")))}{(few.Count > MostNamed ? " and others" : "")}. Ask for fewer ‹shots›, or for other classes with ‹class selection›."));
    }
}
