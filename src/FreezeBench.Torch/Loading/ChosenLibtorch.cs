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

    /// <summary>Folders in which what it needs may lie, its own first: a PyTorch installed by pip has CUDA's libraries in packages of their own beside it.</summary>
    public IReadOnlyList<string> LibraryFolders
    {
        get
        {
            var packages = Path.Combine(Folder, "..", "..");
            var nvidia = Path.Combine(packages, "nvidia");
            IEnumerable<string> ofCuda = Directory.Exists(nvidia) ? Directory.EnumerateDirectories(nvidia).Select(package => Path.Combine(package, "lib")).Order(StringComparer.Ordinal) : [];
            return [Folder, .. ofCuda.Append(Path.Combine(packages, "torch.libs")).Where(Directory.Exists)];
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
