
namespace FreezeBench.Torch.Loading;

/// <summary>Loads libtorch and TorchSharp's native library from an output folder, and explains what stops it.</summary>
/// <param name="platform">Whose files.</param>
/// <param name="baseDirectory">The program's folder.</param>
/// <param name="backend">What the program was built for: "cpu" or "cuda".</param>
/// <param name="load">Loads the library at a path; returns null, or the system's words on why it did not load.</param>
internal sealed class TorchLoader(
    NativePlatform platform, string baseDirectory, string backend, Func<string, string?> load)
{
    private const string Shim = "LibTorchSharp";

    /// <summary>Loads everything. TorchSharp's own look-up then finds the libraries already there.</summary>
    /// <exception cref="RefusedException">What is missing or does not fit, and what to do.</exception>
    public void Load()
    {
        var folder = FindFolder();
        var shim = Path.Combine(folder, platform.FileName(Shim));
        RequireFiles(folder);
        CheckMachine(shim);
        // Windows and macOS resolve these beside the library; Linux does so too, except from another folder (the cure), and after LD_LIBRARY_PATH.
        if (platform.ElfMachine is not null)
            foreach (var (path, required) in new LibraryOrder(platform, folder).Find())
                if (load(path) is { } reason && required)
                    throw new RefusedException($"libtorch does not load: {Path.GetFileName(path)}: {reason}\n{Rebuild}");

        if (load(shim) is not { } shimReason)
            return;
        // The text in quotes is glibc's, which does not translate the version's name.
        if (platform.ElfMachine is null || !shimReason.Contains($"`{GlibcxxCure.Version}' not found", StringComparison.Ordinal))
            throw CannotLoad(shimReason);
        LoadCured(shim);
    }

    private string Rebuild => $"The program was built with TorchBackend={backend}. Build it again: "
        + $"dotnet build -c Release -p:TorchBackend={backend} (README, Build).";

    private string FindFolder()
    {
        string[] candidates = [Path.Combine(baseDirectory, "runtimes", platform.Rid, "native"), baseDirectory];
        return Array.Find(candidates, folder => File.Exists(Path.Combine(folder, platform.FileName(Shim))))
            ?? throw new RefusedException(
                $"{platform.FileName(Shim)} is missing: looked in {string.Join(" and ", candidates)}.\n{Rebuild}");
    }

    private void RequireFiles(string folder)
    {
        string[] needed = backend == "cuda" ? ["c10", "torch_cpu", "torch_cuda", "torch"] : ["c10", "torch_cpu", "torch"];
        var missing = needed.Select(platform.FileName).Where(file => !File.Exists(Path.Combine(folder, file))).ToList();
        if (missing is not [])
            throw new RefusedException(
                $"libtorch's package is missing or incomplete: no {string.Join(", ", missing)} in {folder}.\n{Rebuild}");
    }

    private void CheckMachine(string shim)
    {
        if (platform.ElfMachine is not { } machine)
            return;
        try
        {
            var found = new ElfImage(File.ReadAllBytes(shim)).Machine;
            if (found != machine)
                throw new RefusedException(
                    $"{shim} was compiled for another processor (ELF machine {found}; {platform.Rid} is {machine}).\n{Rebuild}");
        }
        catch (InvalidDataException damaged)
        {
            throw Damaged(shim, damaged);
        }
    }

    private void LoadCured(string shim)
    {
        var original = File.ReadAllBytes(shim);
        byte[] cured;
        try
        {
            cured = GlibcxxCure.Apply(original);
        }
        catch (InvalidDataException damaged)
        {
            throw Damaged(shim, damaged);
        }
        var name = Path.GetFileName(shim);
        using (var inMemory = CuredLibrary.InMemory(name, cured))
            if (inMemory is not null && load(inMemory.Path) is null)
                return;
        using var onDisk = CuredLibrary.OnDisk(name, cured);
        if (load(onDisk.Path) is { } reason)
            throw CannotLoad(reason);
    }

    private RefusedException CannotLoad(string reason) =>
        new($"{platform.FileName(Shim)} of TorchSharp does not load: {reason}\n{NextStep}");

    private string NextStep => platform.Rid switch
    {
        "linux-x64" => "It needs glibc 2.34 and GCC 12's libstdc++ or newer (Debian 12, Ubuntu 22.04), and a place from which "
            + "libraries may be loaded: set TMPDIR to a folder that is not mounted noexec.",
        "win-x64" or "win-arm64" => "TorchSharp 0.107.0 is reported not to load on Windows (issue 1567 of dotnet/TorchSharp). "
            + "Run it under WSL2 or on Linux, or raise TorchSharpVersion in Directory.Packages.props once it is repaired.",
        _ => Rebuild,
    };

    private static RefusedException Damaged(string shim, InvalidDataException why) => new(
        $"{shim} cannot be used: {why.Message}. Delete the folder torchsharp in NuGet's package cache and build again.", why);
}
