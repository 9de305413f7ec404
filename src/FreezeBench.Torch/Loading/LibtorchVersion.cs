using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace FreezeBench.Torch.Loading;

/// <summary>The version of a libtorch that the user names. TorchSharp itself only knows the version that it was built for.</summary>
internal static partial class LibtorchVersion
{
    // Of the C interface for compiled models, since libtorch 2.9: major, minor and patch in the upper three bytes of a 64-bit number.
    private const string Counter = "aoti_torch_abi_version";

    /// <summary>What the files around its libraries say: Python's <c>torch/version.py</c>, or <c>build-version</c> of an unpacked libtorch; null: nothing.</summary>
    /// <param name="folder">Of the libraries.</param>
    /// <returns>With the variant, such as <c>2.10.0+cu130</c>.</returns>
    public static string? Stated(string folder)
    {
        string[] files = [Path.Combine(folder, "..", "version.py"), Path.Combine(folder, "..", "build-version")];
        foreach (var file in files.Where(file => File.Exists(file) && !NativeFile.HasNoContent(file)))
            if (Version().Match(File.ReadAllText(file)) is { Success: true } found)
                return found.Groups["version"].Value;
        return null;
    }

    /// <summary>What its code says, which is loaded; null: it is older than 2.9, which says nothing.</summary>
    /// <param name="library">Path of libtorch_cpu.</param>
    /// <returns>Three numbers, such as <c>2.10.0</c>.</returns>
    public static unsafe string? Coded(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle) || !NativeLibrary.TryGetExport(handle, Counter, out var address))
            return null;
        var number = ((delegate* unmanaged[Cdecl]<ulong>)address)();
        return $"{number >> 56}.{(number >> 48) & 0xff}.{(number >> 40) & 0xff}";
    }

    /// <summary>The version for the environment's record.</summary>
    /// <param name="stated">What the files say.</param>
    /// <param name="coded">What the code says.</param>
    /// <param name="chosen">The user's.</param>
    /// <returns>
    /// What the files say. Libraries with nothing around them have what TorchSharp says of the same libtorch in its packages, four numbers, and of one
    /// for CUDA, of which the package's version is not known, that it is for CUDA.
    /// </returns>
    /// <exception cref="RefusedException">Neither says anything, or they differ.</exception>
    public static string Of(string? stated, string? coded, ChosenLibtorch chosen) => (stated, coded) switch
    {
        (null, null) => throw new RefusedException($"The libtorch in {chosen.Folder} ({ChosenLibtorch.Variable}) does not say its version, and rows would not tell which one it was. "
            + "Name the folder inside of an installed PyTorch, beside whose lib there is version.py."),
        (null, _) => $"{coded}.0{(chosen.Backend == "cuda" ? "+cuda" : "")}",
        (_, null) => stated,
        _ when Regex.IsMatch(stated, $@"^{Regex.Escape(coded)}(?![0-9.])") => stated,
        _ => throw new RefusedException($"The libtorch in {chosen.Folder} ({ChosenLibtorch.Variable}) is {coded} by its code and {stated} by the file beside it: two installations are mixed. Install it anew."),
    };

    // version.py: __version__ = '2.10.0+cu130', in newer ones with a type; build-version: the version alone.
    [GeneratedRegex("""^(__version__\s*(:[^=]*)?=\s*['"])?(?<version>[0-9]+\.[0-9]+[0-9A-Za-z.+_-]*)""", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Version();
}
