using System.Globalization;

namespace FreezeBench.Torch.Loading;

/// <summary>Whether a libtorch that the user names can take the place of the one that TorchSharp's library was built for.</summary>
/// <remarks>
/// A library of C++ is bound to another by the names of its functions, in which the types of their arguments are. The system looks for most of them
/// when they are called first, in the middle of a measurement, and ends the process where there is none: so all are looked for before. Of 1,204 the programs call some hundred, though, and
/// nobody can tell which: where a newer libtorch lacks a few, the user may say so and try.
/// </remarks>
internal static class LibtorchFit
{
    /// <summary>What TorchSharp's library was built for; TorchSharp itself cannot be asked before libtorch is loaded.</summary>
    internal const string BuiltFor = "2.10";

    /// <summary>The environment variable that lets a libtorch pass that lacks so many functions, and no other number.</summary>
    internal const string LacksVariable = "FREEZEBENCH_LIBTORCH_LACKS";

    // So few are named, and may be lacking; of more some are. Another C++ library or version lacks hundreds.
    private const int FewAtMost = 10, NamedOfMore = 3;

    // A function whose result is text: its name tells with which of the two ABIs of GCC's C++ library it was compiled.
    private const string OldAbi = "_ZN2at11show_configEv", NewAbi = "_ZN2at11show_configB5cxx11Ev";

    /// <summary>Checks all libraries that TorchSharp's is bound to, and loads none.</summary>
    /// <param name="chosen">The user's.</param>
    /// <param name="shim">Path of TorchSharp's library.</param>
    /// <param name="platform">Of this process.</param>
    /// <param name="lacks">Value of <see cref="LacksVariable"/>; null: it is not set.</param>
    /// <exception cref="RefusedException">All that does not fit, in one message.</exception>
    public static void Check(ChosenLibtorch chosen, string shim, NativePlatform platform, string? lacks = null)
    {
        var asking = ElfDynamic.Read(shim);
        List<string> reasons = [];
        HashSet<string> exported = new(StringComparer.Ordinal);
        foreach (var file in asking.Needed.Where(name => File.Exists(Path.Combine(chosen.Folder, name))))
        {
            var library = Read(Path.Combine(chosen.Folder, file));
            if (library.Machine != platform.ElfMachine)
                // Of another processor all of it is.
                throw Refused(chosen, [$"{file} is for another processor (ELF machine {library.Machine}; {platform.Rid} is {platform.ElfMachine})"]);
            // By this name the system finds a library that is loaded; by another one it would look for a second.
            if (library.Name != file)
                reasons.Add($"{file} calls itself {library.Name ?? "nothing"}, and TorchSharp's library asks for {file}");
            exported.UnionWith(library.Exported);
        }
        if (exported.Contains(OldAbi) && !exported.Contains(NewAbi))
            reasons.Add("it was compiled with the old ABI of C++ (_GLIBCXX_USE_CXX11_ABI=0), and TorchSharp's library with the new one");
        else
        {
            var fits = reasons is [];
            var missing = Compare("TorchSharp's library calls", asking.Asked, exported, reasons) + Compare("FreezeBench calls", CalledSymbols.All, exported, reasons);
            if (fits && missing <= FewAtMost)
            {
                if (missing == 0 || lacks == missing.ToString(CultureInfo.InvariantCulture))
                    return;
                throw Refused(chosen, reasons, $" What calls none of them works all the same, and what calls one is ended by the system: set {LacksVariable}={missing} to try.");
            }
        }
        if (reasons is not [])
            throw Refused(chosen, reasons);
    }

    private static int Compare(string who, IReadOnlyList<string> asked, HashSet<string> exported, List<string> reasons)
    {
        var missing = asked.Where(symbol => !exported.Contains(symbol)).Order(StringComparer.Ordinal).ToList();
        if (missing is not [])
            reasons.Add($"of the {asked.Count} symbols that {who} it has not {missing.Count}: {(missing.Count > FewAtMost ? $"{string.Join(", ", missing.Take(NamedOfMore))}, ..." : string.Join(", ", missing))}");
        return missing.Count;
    }

    private static ElfDynamic Read(string path)
    {
        try
        {
            return ElfDynamic.Read(path);
        }
        catch (InvalidDataException damaged)
        {
            throw new RefusedException($"{path}, of {ChosenLibtorch.Variable}, cannot be used: {damaged.Message}.", damaged);
        }
    }

    private static RefusedException Refused(ChosenLibtorch chosen, IReadOnlyList<string> reasons, string more = "") => new(
        $"The libtorch {LibtorchVersion.Stated(chosen.Folder) ?? "of unknown version"} in {chosen.Folder} ({ChosenLibtorch.Variable}) does not fit TorchSharp, which was built for "
        + $"libtorch {BuiltFor}: {string.Join("; ", reasons)}. Name the libtorch of a PyTorch {BuiltFor} for x86-64, or unset the variable.{more}");
}
