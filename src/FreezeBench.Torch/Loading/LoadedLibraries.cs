namespace FreezeBench.Torch.Loading;

/// <summary>What Linux says of the libraries of this process.</summary>
internal static class LoadedLibraries
{
    /// <summary>Files of a name that are mapped, by their whole paths.</summary>
    /// <param name="file">Name without folder.</param>
    /// <param name="maps">Lines of <c>/proc/self/maps</c>.</param>
    public static IReadOnlyList<string> Of(string file, IEnumerable<string> maps) =>
        [.. maps.Select(line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? line[at..] : "").Where(path => Path.GetFileName(path) == file).Distinct().Order(StringComparer.Ordinal)];
}
