using System.Text.RegularExpressions;

namespace FreezeBench.Torch.Loading;

/// <summary>Loads libtorch and TorchSharp's native library from an output folder, and explains what stops it.</summary>
/// <param name="platform">Whose files.</param>
/// <param name="baseDirectory">The program's folder.</param>
/// <param name="backend">What the program was built for: "cpu" or "cuda".</param>
/// <param name="load">Loads the library at a path; returns null, or the system's words on why it did not load.</param>
/// <param name="chosen">The libtorch that the user names; null: the output folder's own.</param>
internal sealed partial class TorchLoader(
    NativePlatform platform, string baseDirectory, string backend, Func<string, string?> load, ChosenLibtorch? chosen = null)
{
    private const string Shim = "LibTorchSharp";

    // What TorchSharp asks for by name.
    private static readonly string[] searched = ["torch_cpu", "torch_cuda"];

    // Kept until all is loaded: their paths have the numbers of open files, and the system takes a path that it has seen for the library that it was.
    private readonly List<CuredLibrary> made = [];

    /// <summary>Loads everything. TorchSharp's own look-up then finds the libraries already there.</summary>
    /// <returns>The folder of libtorch's libraries.</returns>
    /// <exception cref="RefusedException">What is missing or does not fit, and what to do.</exception>
    public string Load()
    {
        try
        {
            return LoadAll();
        }
        finally
        {
            made.ForEach(library => library.Dispose());
        }
    }

    private string LoadAll()
    {
        var own = FindFolder();
        var shim = Path.Combine(own, platform.FileName(Shim));
        var folder = chosen?.Folder ?? own;
        if (chosen is null)
            RequireFiles(folder);
        CheckMachine(shim);
        if (chosen is not null)
            LibtorchFit.Check(chosen, shim, platform, Environment.GetEnvironmentVariable(LibtorchFit.LacksVariable));
        // Windows and macOS resolve these beside the library; Linux does so too, except from another folder (the cure), and after LD_LIBRARY_PATH.
        if (platform.ElfMachine is not null)
            foreach (var (path, required) in new LibraryOrder(platform, chosen?.LibraryFolders ?? [folder]).Find())
                if (LoadWithNeeds(path) is { } reason && required)
                    throw new RefusedException($"libtorch does not load: {Path.GetFileName(path)}: {reason}\n{Remedy}");
        if (chosen is not null)
            LoadAliases(chosen, own);

        if (load(shim) is not { } shimReason)
            return folder;
        // The text in quotes is glibc's, which does not translate the version's name.
        if (platform.ElfMachine is null || !shimReason.Contains($"`{GlibcxxCure.Version}' not found", StringComparison.Ordinal))
            throw CannotLoad(shimReason);
        LoadCured(shim);
        return folder;
    }

    // A library that is loaded by its path brings those that it needs where it knows the way to them. An installation that was moved, or CUDA's
    // libraries in a package of another layout, are found here: once they are loaded, the name is enough.
    private string? LoadWithNeeds(string path)
    {
        HashSet<string> tried = new(StringComparer.Ordinal);
        string? Attempt(string library)
        {
            while (load(library) is { } reason)
            {
                if (Absent().Match(reason) is not { Success: true } absent || !tried.Add(absent.Groups[1].Value)
                    || chosen?.LibraryFolders.Select(folder => Path.Combine(folder, absent.Groups[1].Value)).FirstOrDefault(File.Exists) is not { } found)
                    return reason;
                if (Attempt(found) is { } inner)
                    return inner;
            }
            return null;
        }
        return Attempt(path);
    }

    // Where the packages' own libraries lie in the program's folder, TorchSharp's search would find them.
    private void LoadAliases(ChosenLibtorch chosen, string own)
    {
        foreach (var needed in searched.Select(platform.FileName).Where(file => File.Exists(Path.Combine(own, file))))
            if (LibraryAlias.Of(File.ReadAllBytes(Path.Combine(chosen.Folder, platform.FileName("torch"))), needed) is { } alias && LoadMade(needed, alias) is { } reason)
                throw new RefusedException($"The other name of {needed} does not load: {reason}\n{Remedy}");
    }

    private string Remedy => chosen is null ? Rebuild
        : $"It is the libtorch of {ChosenLibtorch.Variable}; what it needs was looked for in {string.Join(", ", chosen.LibraryFolders.Select(Path.GetFullPath))} too.";

    private string Elsewhere => platform.Rid == "linux-x64"
        ? $" The variable {ChosenLibtorch.Variable} can name the folder of another libtorch 2.10, such as an installed PyTorch's site-packages/torch/lib; a bundle without libtorch needs that." : "";

    // glibc's words, which it does not translate in a process of .NET.
    [GeneratedRegex(@"^(?:.*: )?([^\s:/]+): cannot open shared object file", RegexOptions.CultureInvariant)]
    private static partial Regex Absent();

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
                $"libtorch's package is missing or incomplete: no {string.Join(", ", missing)} in {folder}.{Elsewhere}\n{Rebuild}");
    }

    private void CheckMachine(string shim)
    {
        if (platform.ElfMachine is not { } machine)
            return;
        try
        {
            using var file = new ElfFile(shim);
            if (file.Machine != machine)
                throw new RefusedException(
                    $"{shim} was compiled for another processor (ELF machine {file.Machine}; {platform.Rid} is {machine}).\n{Rebuild}");
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
        if (LoadMade(Path.GetFileName(shim), cured) is { } reason)
            throw CannotLoad(reason);
    }

    private string? LoadMade(string name, byte[] content)
    {
        if (CuredLibrary.InMemory(name, content) is { } inMemory)
        {
            made.Add(inMemory);
            if (load(inMemory.Path) is null)
                return null;
        }
        var onDisk = CuredLibrary.OnDisk(name, content);
        made.Add(onDisk);
        return load(onDisk.Path);
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
