namespace FreezeBench.Torch.Loading;

/// <summary>
/// Which of a folder's native libraries are loaded by their paths before TorchSharp's, and in which order: each after those of the folder that it
/// asks for.
/// </summary>
/// <remarks>
/// The system's loader looks for what a library needs in LD_LIBRARY_PATH first and only then beside the library (its RUNPATH): on a cluster,
/// <c>module load cudnn</c> would put another cuDNN under libtorch. A library that is loaded already it takes by its name (DT_SONAME),
/// wherever it lies. So all of CUDA that the packages bring is loaded by path. cuDNN opens its parts by their names while it works, and NVRTC
/// its builtins, which the package has under a file name without the version that NVRTC asks for: nobody states that they are needed,
/// and so they are named here.
/// </remarks>
/// <param name="platform">Whose files.</param>
/// <param name="folder">Where they lie.</param>
/// <param name="others">Folders in which more of them may lie, as a PyTorch installed by pip has CUDA's in packages of their own.</param>
internal sealed class LibraryOrder(NativePlatform platform, string folder, params IReadOnlyList<string> others)
{
    // What TorchSharp's library is linked to. libgomp has a hash in its name on Linux, so it is matched by prefix.
    private static readonly string[] first = ["gomp", "c10", "torch_cpu"];
    private static readonly string[] last = ["c10_cuda", "torch_cuda", "torch"];

    // Opened by others by name. One of them that does not load is missed only by who opens it, and says so then.
    private static readonly string[] opened = ["nvrtc", "cudnn"];

    // NVIDIA's packages bring a second NVRTC beside the first, which nobody asks for, and which may take the first one's name.
    private const string Alternative = ".alt.";

    private readonly string[] folders = [.. others.Prepend(folder).Distinct(StringComparer.Ordinal)];
    private readonly List<(string Path, bool Required)> order = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>The paths, and whether the program can do without.</summary>
    internal List<(string Path, bool Required)> Find()
    {
        Add(first);
        // Before torch_cuda, which needs some of them, and so they are required after all.
        HashSet<string> needed = new(StringComparer.Ordinal);
        foreach (var path in last.SelectMany(Files))
            Collect(path, needed);
        foreach (var path in opened.SelectMany(Files))
            Visit(path, needed.Contains);
        Add(last);
        return order;
    }

    private void Collect(string path, HashSet<string> needed)
    {
        if (!needed.Add(path))
            return;
        foreach (var need in Needs(path))
            Collect(need, needed);
    }

    private void Add(string[] libraries)
    {
        foreach (var path in libraries.SelectMany(Files))
            Visit(path, _ => true);
    }

    private void Visit(string path, Func<string, bool> required)
    {
        if (!seen.Add(path))
            return;
        foreach (var need in Needs(path))
            Visit(need, required);
        order.Add((path, required(path)));
    }

    // Paths of the folders' own files among them: the others are the system's.
    private IEnumerable<string> Needs(string path)
    {
        try
        {
            return [.. ElfDynamic.NeededBy(path).Select(name => Array.Find(folders, own => File.Exists(Path.Combine(own, name))) is { } own ? Path.Combine(own, name) : null).OfType<string>()];
        }
        catch (InvalidDataException)
        {
            // The system has better words for it when it is to load the file.
            return [];
        }
    }

    private IEnumerable<string> Files(string library) => library == "gomp" || opened.Contains(library)
        ? folders.SelectMany(own => Directory.EnumerateFiles(own, $"{platform.Prefix}{library}*{platform.Extension}*").Order(StringComparer.Ordinal))
            .Where(path => !Path.GetFileName(path).Contains(Alternative, StringComparison.Ordinal))
        : new[] { Path.Combine(folder, platform.FileName(library)) }.Where(File.Exists);
}
