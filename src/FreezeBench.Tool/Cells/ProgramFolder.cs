using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>Where the programs are that cells run: a bundle's folder, or a checkout that was built.</summary>
/// <param name="Folder">Full path.</param>
internal sealed record ProgramFolder(string Folder)
{
    private const string CheckoutBench = "bench/bin/Release/net10.0/FreezeBench.Benchmarks.dll";
    private const string CheckoutAccuracy = "src/FreezeBench.Accuracy/bin/Release/net10.0/FreezeBench.Accuracy.dll";
    private const string CheckoutTool = "src/FreezeBench.Tool/bin/Release/net10.0/FreezeBench.Tool.dll";

    /// <summary>The folder that was named, or the one that this tool lies in.</summary>
    /// <param name="asked">Value of <c>--programs</c>; null: not given.</param>
    /// <param name="needed">Programs that must be there.</param>
    /// <exception cref="UserErrorException">A program is not there.</exception>
    internal static ProgramFolder Find(string? asked, IReadOnlyCollection<CellProgram> needed)
    {
        if (asked is not null)
        {
            var given = new ProgramFolder(Path.GetFullPath(asked));
            return needed.Where(program => given.PathOf(program) is null).ToList() is { Count: > 0 } missing
                ? throw new UserErrorException($"--programs is '{asked}', which has no {string.Join(" and no ", missing.Select(Word))}: neither a file of that name, as in a bundle, nor {string.Join(" or ", missing.Select(InCheckout))}, as in a checkout that was built with dotnet build -c Release.")
                : given;
        }
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)))
            if (new ProgramFolder(folder) is var found && needed.All(program => found.PathOf(program) is not null))
                return found with { Folder = Path.TrimEndingDirectorySeparator(folder) };
        throw new UserErrorException($"The {(needed.Count == 1 ? "program" : "programs")} {string.Join(" and ", needed.Select(Word))} {(needed.Count == 1 ? "is" : "are")} not beside this tool. Name the folder of a bundle, or of a checkout that was built with dotnet build -c Release: --programs DIR.");
    }

    /// <summary>Command line of a program, without its options.</summary>
    /// <exception cref="UserErrorException">It is not there any more.</exception>
    internal IReadOnlyList<string> Command(CellProgram program) => Command(PathOf(program) ?? throw new UserErrorException($"{Folder} has no program {Word(program)} any more."));

    /// <summary>Command line of this tool: the folder's, or the one that runs now.</summary>
    internal IReadOnlyList<string> ToolCommand()
    {
        if ((FileAt("freezebench") ?? FileAt(CheckoutTool)) is { } path)
            return Command(path);
        var assembly = Path.Combine(AppContext.BaseDirectory, "FreezeBench.Tool.dll");
        return File.Exists(assembly) ? Command(assembly) : [Environment.ProcessPath!];
    }

    private static IReadOnlyList<string> Command(string path) => path.EndsWith(".dll", StringComparison.Ordinal) ? [DotnetHost(), path] : [path];

    // The one that runs this tool: another node's PATH may have none.
    private static string DotnetHost() => Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";

    private static string Word(CellProgram program) => program == CellProgram.Accuracy ? "accuracy" : "bench";

    private static string InCheckout(CellProgram program) => program == CellProgram.Accuracy ? CheckoutAccuracy : CheckoutBench;

    private string? PathOf(CellProgram program) => FileAt(Word(program)) ?? FileAt(InCheckout(program));

    private string? FileAt(string name) => Path.Combine(Folder, name) is var path && File.Exists(path) ? path : null;
}
