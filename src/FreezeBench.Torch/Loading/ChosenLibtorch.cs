namespace FreezeBench.Torch.Loading;

/// <summary>A libtorch that the user names instead of the packages' own: that of an installed PyTorch, or an unpacked one.</summary>
/// <param name="Folder">The folder with its libraries, absolute.</param>
internal sealed record ChosenLibtorch(string Folder)
{
    /// <summary>The environment variable that names it.</summary>
    public const string Variable = "FREEZEBENCH_LIBTORCH";

    private const string Example = "the folder of an installed PyTorch's libraries, such as site-packages/torch/lib, or of an unpacked libtorch";

    private static readonly string[] required = ["c10", "torch_cpu", "torch"];

    /// <summary>"cuda" where it has CUDA's part, else "cpu".</summary>
    public string Backend => File.Exists(Path.Combine(Folder, "libtorch_cuda.so")) ? "cuda" : "cpu";

    /// <summary>Folders in which what it needs may lie, its own first: a PyTorch installed by pip has CUDA's libraries in packages of their own beside it, of CUDA 12 one for each library, of CUDA 13 one for most.</summary>
    /// <remarks>
    /// Those that libtorch itself names (RPATH) come first, in its order: pip leaves the packages of an older CUDA where they are, and some libraries of CUDA 12 and 13 have one name
    /// (<c>libcusparse.so.12</c>, <c>libcurand.so.10</c>). nvJitLink's it does not name.
    /// </remarks>
    public IReadOnlyList<string> LibraryFolders
    {
        get
        {
            // Where the folder is a link, as it is written and as it is: a path that leads upwards is either.
            string[] own = [Folder, Directory.ResolveLinkTarget(Folder, returnFinalTarget: true)?.FullName ?? Folder];
            List<string> named = [.. own.Distinct().SelectMany(Named)];
            return [Folder, .. own.Select(folder => Path.GetFullPath(Path.Combine(folder, "..", ".."))).Distinct().SelectMany(Packages).Where(Directory.Exists)
                .OrderBy(folder => named.IndexOf(folder) is >= 0 and var place ? place : int.MaxValue)];
        }
    }

    private static IEnumerable<string> Packages(string packages) =>
    [
        .. Directory.Exists(Path.Combine(packages, "nvidia")) ? Directory.GetDirectories(Path.Combine(packages, "nvidia")).Select(package => Path.Combine(package, "lib")).Order(StringComparer.Ordinal) : Enumerable.Empty<string>(),
        Path.Combine(packages, "cusparselt", "lib"),
        Path.Combine(packages, "torch.libs"),
    ];

    private IEnumerable<string> Named(string folder)
    {
        try
        {
            return ElfDynamic.SearchedBy(Path.Combine(folder, Backend == "cuda" ? "libtorch_cuda.so" : "libtorch_cpu.so")).Select(one => Path.TrimEndingDirectorySeparator(Path.GetFullPath(one)));
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // Told when it is loaded.
            return [];
        }
    }

    /// <summary>What the user names; null: nothing, so it is the packages' own.</summary>
    /// <param name="value">Of the variable; null: it is not set.</param>
    /// <param name="platform">Of this process.</param>
    /// <exception cref="RefusedException">There is no libtorch.</exception>
    public static ChosenLibtorch? Find(string? value, NativePlatform platform)
    {
        if (value is null)
            return null;
        if (platform.Rid != "linux-x64")
            throw new RefusedException($"{Variable} is set, which is for linux-x64 alone; this process runs as {platform.Rid}. Unset it.");
        if (value.Length == 0)
            throw new RefusedException($"{Variable} is empty; an unset variable of a shell gives that. Unset it, or set it to {Example}.");
        if (File.Exists(value))
            throw Refused(value, "it is a file");
        if (!Directory.Exists(value))
            throw Refused(value, "there is no such folder");
        // An unpacked libtorch and Python's package torch both have it in lib.
        string[] folders = [Path.GetFullPath(value), Path.Combine(Path.GetFullPath(value), "lib")];
        var folder = Array.Find(folders, folder => required.Any(library => File.Exists(Path.Combine(folder, platform.FileName(library)))))
            ?? throw Refused(value, $"neither it nor its folder lib has a {platform.FileName("torch_cpu")}");
        var missing = required.Select(platform.FileName).Where(file => !File.Exists(Path.Combine(folder, file))).ToList();
        return missing is [] ? new ChosenLibtorch(folder) : throw Refused(value, $"{string.Join(", ", missing)} is missing in {folder}");
    }

    private static RefusedException Refused(string value, string why) => new($"{Variable} is '{value}', and {why}. Set it to {Example}, or unset it.");
}
