namespace FreezeBench.Torch.Loading;

/// <summary>
/// Which native libraries of an installation are loaded by their paths before TorchSharp's, and in which order: each after those of the
/// installation that it asks for.
/// </summary>
/// <remarks>
/// The system's loader looks for what a library needs in LD_LIBRARY_PATH first and only then beside the library (its RUNPATH): on a cluster,
/// <c>module load cudnn</c> would put another cuDNN under libtorch, and <c>module load cuda</c> another nvJitLink under the cuSPARSE of a PyTorch that pip
/// installed, which does not load then. A library that is loaded already it takes by its name (DT_SONAME), wherever it lies. So all of CUDA
/// that the installation brings is loaded by path. cuDNN opens its parts by their names while it works, NVRTC its builtins, which the
/// package has under a file name without the version that NVRTC asks for, and libtorch its own link to NVRTC: nobody states that they are needed, and so they
/// are named here.
/// </remarks>
/// <param name="platform">Whose files.</param>
/// <param name="folders">Where they lie: libtorch's own first, then those of CUDA's packages where it has them apart, a library that is in several is taken from the first.</param>
internal sealed class LibraryOrder(NativePlatform platform, IReadOnlyList<string> folders)
{
    // What TorchSharp's library is linked to. libgomp has a hash in its name on Linux, so it is matched by prefix.
    private static readonly string[] first = ["gomp", "c10", "torch_cpu"];
    private static readonly string[] last = ["c10_cuda", "torch_cuda", "torch"];

    // Opened by others by name. One of them that does not load is missed only by who opens it, and says so then: libtorch's link to NVRTC needs a driver.
    private static readonly string[] opened = ["nvrtc", "cudnn", Link];

    private const string Link = "caffe2_nvrtc";

    // NVIDIA's second build of a library beside the first, which some installations put into its place; nobody opens it by this name.
    private const string SecondBuild = ".alt.";

    private readonly List<(string Path, bool Required)> order = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>The paths, and whether the program can do without.</summary>
    internal List<(string Path, bool Required)> Find()
    {
        Add(first);
        // Before torch_cuda, which needs some of them, and so they are required after all.
        HashSet<string> needed = new(StringComparer.Ordinal);
        foreach (var path in last.SelectMany(Own))
            Collect(path, needed);
        // Of CUDA's packages those that this libtorch uses: what another one left beside them (pip takes no package away) is not opened.
        var used = new HashSet<string>(needed, StringComparer.Ordinal);
        foreach (var path in Own(Link))
            Collect(path, used);
        foreach (var path in opened.SelectMany(library => Opened(library, used)))
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
        foreach (var path in libraries.SelectMany(Own))
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

    // Paths of the installation's files among them: the others are the system's.
    private IEnumerable<string> Needs(string path)
    {
        try
        {
            return [.. ElfDynamic.NeededBy(path).Select(name => folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)).OfType<string>()];
        }
        catch (InvalidDataException)
        {
            // The system has better words for it when it is to load the file.
            return [];
        }
    }

    private IEnumerable<string> Own(string library) => library == "gomp" ? Matching(folders[0], library)
        : new[] { Path.Combine(folders[0], platform.FileName(library)) }.Where(File.Exists);

    private IEnumerable<string> Opened(string library, HashSet<string> used) =>
        folders.Where(folder => folder == folders[0] || used.Any(path => Path.GetDirectoryName(path) == folder)).SelectMany(folder => Matching(folder, library));

    private IEnumerable<string> Matching(string folder, string library) =>
        Directory.EnumerateFiles(folder, $"{platform.Prefix}{library}*{platform.Extension}*").Where(path => !Path.GetFileName(path).Contains(SecondBuild, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
