using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;
using Solution = FreezeBench.Benchmarks.Tests.Build.Shell;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>The folders are the architecture: who may use whom, read from the source itself.</summary>
public partial class LayeringTests
{
    private const int MostLines = 250;

    private const string Bench = "FreezeBench.Benchmarks";

    private static readonly string[] layered = ["FreezeBench.Results", "FreezeBench", Bench];
    private static readonly string[] projectFolders = ["src", "bench"];

    // Every folder of the two libraries and of bench, and the folders that it may use beside itself; arrows point one way. "Results"
    // stands for all of FreezeBench.Results, which is below everything on torch. A library's top folder (UserErrorException)
    // is open to its own folders; bench's is the program, above all of its folders, which may use the libraries. A new folder
    // needs a line here.
    private static readonly Dictionary<string, string[]> mayUse = new()
    {
        ["FreezeBench.Results/Machine"] = [],
        ["FreezeBench.Results/Statistics"] = [],
        ["FreezeBench.Results/Rows"] = ["FreezeBench.Results/Machine", "FreezeBench.Results/Statistics"],
        ["FreezeBench.Results/Sets"] = ["FreezeBench.Results/Machine", "FreezeBench.Results/Statistics", "FreezeBench.Results/Rows"],
        ["FreezeBench.Results/Comparison"] = ["FreezeBench.Results/Machine", "FreezeBench.Results/Statistics", "FreezeBench.Results/Rows", "FreezeBench.Results/Sets"],
        ["FreezeBench.Results/Checks"] = ["FreezeBench.Results/Machine", "FreezeBench.Results/Statistics", "FreezeBench.Results/Rows", "FreezeBench.Results/Sets"],
        ["FreezeBench.Results/Merging"] = ["FreezeBench.Results/Machine", "FreezeBench.Results/Rows", "FreezeBench.Results/Sets"],
        ["FreezeBench.Results/Reports"] = ["FreezeBench.Results/Machine", "FreezeBench.Results/Statistics", "FreezeBench.Results/Rows", "FreezeBench.Results/Sets"],
        ["FreezeBench/Downloads"] = ["Results"],
        ["FreezeBench/Archives"] = ["FreezeBench/Downloads", "Results"],
        // Downloads: the cured library is kept in the same cache folder.
        ["FreezeBench/Native"] = ["FreezeBench/Downloads", "Results"],
        ["FreezeBench/Models"] = ["FreezeBench/Native", "Results"],
        ["FreezeBench/Freezing"] = ["FreezeBench/Models", "FreezeBench/Native", "Results"],
        // Models: batches are laid out in the network's MemoryFormat.
        ["FreezeBench/Data"] =
        [
            "FreezeBench/Native", "FreezeBench/Models", "FreezeBench/Downloads", "FreezeBench/Archives", "Results",
        ],
        ["FreezeBench/Weights"] = ["FreezeBench/Downloads", "Results"],
        // Data and Models: the key of features is made of the images, their transform and the backbone.
        ["FreezeBench/Features"] = ["FreezeBench/Data", "FreezeBench/Models", "FreezeBench/Weights", "Results"],
        ["FreezeBench/Training"] = ["FreezeBench/Data", "FreezeBench/Features", "FreezeBench/Models", "FreezeBench/Freezing", "FreezeBench/Native", "FreezeBench/Weights", "Results"],
        // Training and Data: whether a batch fits is found out by training on one.
        ["FreezeBench/Memory"] = ["FreezeBench/Data", "FreezeBench/Models", "FreezeBench/Freezing", "FreezeBench/Native", "FreezeBench/Training", "Results"],
        // Native: the clock waits for the device that Native chose. Models: the peak's convolution is laid out in their MemoryFormat.
        ["FreezeBench/Measurement"] = ["FreezeBench/Training", "FreezeBench/Models", "FreezeBench/Native", "Results"],
        // What the two programs share of their command lines: it names values of every folder.
        ["FreezeBench/CommandLine"] =
        [
            "FreezeBench/Data", "FreezeBench/Models", "FreezeBench/Freezing", "FreezeBench/Training", "FreezeBench/Measurement",
            "FreezeBench/Native", "Results",
        ],
        ["FreezeBench.Benchmarks/Cases"] = [],
        ["FreezeBench.Benchmarks/Processes"] = [],
        ["FreezeBench.Benchmarks/Layers"] = [],
        // Cases: sizes are the cases' own.
        ["FreezeBench.Benchmarks/Settings"] = ["FreezeBench.Benchmarks/Cases"],
        ["FreezeBench.Benchmarks/Options"] = ["FreezeBench.Benchmarks/Cases", "FreezeBench.Benchmarks/Settings"],
        // Layers: what the harness costs is measured between the layers' work.
        ["FreezeBench.Benchmarks/Suites"] = ["FreezeBench.Benchmarks/Cases", "FreezeBench.Benchmarks/Settings", "FreezeBench.Benchmarks/Layers"],
        ["FreezeBench.Benchmarks/Running"] =
        [
            "FreezeBench.Benchmarks/Cases", "FreezeBench.Benchmarks/Settings", "FreezeBench.Benchmarks/Suites", "FreezeBench.Benchmarks/Processes",
        ],
        ["FreezeBench.Benchmarks/Output"] =
        [
            "FreezeBench.Benchmarks/Cases", "FreezeBench.Benchmarks/Settings", "FreezeBench.Benchmarks/Suites", "FreezeBench.Benchmarks/Running",
        ],
        ["FreezeBench.Benchmarks/Profiling"] =
        [
            "FreezeBench.Benchmarks/Layers", "FreezeBench.Benchmarks/Settings", "FreezeBench.Benchmarks/Suites", "FreezeBench.Benchmarks/Output",
        ],
    };

    public static TheoryData<string> Folders { get; } = new(mayUse.Keys);

    [Theory]
    [MemberData(nameof(Folders))]
    public void EachFolder_UsesOnlyWhatTheTableAllows(string folder)
    {
        bool Allowed(string used) => used == folder || mayUse[folder].Contains(used)
            || (used.StartsWith("FreezeBench.Results/", StringComparison.Ordinal) && mayUse[folder].Contains("Results"))
            || (folder.StartsWith(Bench, StringComparison.Ordinal) && !used.StartsWith(Bench, StringComparison.Ordinal));
        var forbidden = SourceFiles(Source(folder))
            .SelectMany(file => UsesOf(folder, file).Where(used => !Allowed(used)).Select(used => $"{Relative(file)} uses {used}"));
        Assert.Empty(forbidden.Distinct());
    }

    [Fact]
    public void EveryFolder_IsInTheTable() => Assert.Equal(
        mayUse.Keys.Order(StringComparer.Ordinal),
        layered.SelectMany(project => Directory.EnumerateDirectories(Path.Combine(Solution.Root, Source(project)))
                .Select(path => $"{project}/{Path.GetFileName(path)}"))
            .Where(folder => SourceFiles(Source(folder)).Count > 0).Order(StringComparer.Ordinal));

    [Fact]
    public void ProgramOfBench_IsUsedByNoneOfItsFolders()
    {
        var program = Directory.EnumerateFiles(Path.Combine(Solution.Root, "bench"), "*.cs").Select(Path.GetFileNameWithoutExtension).Except(["Program"]).ToList();
        Assert.NotEmpty(program);
        var users = mayUse.Keys.Where(folder => folder.StartsWith(Bench, StringComparison.Ordinal)).SelectMany(folder => SourceFiles(Source(folder)))
            .Where(file => program.Exists(type => Regex.IsMatch(Code(File.ReadAllLines(file)), $@"\b{type}\b")));
        Assert.Empty(users.Select(Relative));
    }

    [Fact]
    public void Table_HasNoCircle()
    {
        List<string> placed = ["Results"];
        var waiting = mayUse.Keys.ToList();
        while (waiting.Where(folder => mayUse[folder].All(placed.Contains)).ToList() is { Count: > 0 } next)
        {
            placed.AddRange(next);
            waiting.RemoveAll(next.Contains);
        }
        Assert.Empty(waiting);
    }

    [Fact]
    public void UsesOf_SeesEveryWayOfNamingAFolder()
    {
        const string Source = """
            using FreezeBench.Data;
            using static FreezeBench.Models.Stage;
            using Clock = FreezeBench.Native.DeviceClock;
            // using FreezeBench.CommandLine;
            namespace FreezeBench.Freezing;
            /// <see cref="FreezeBench.Accuracy.Nothing"/>
            class A { object b = new Training.Trainer(); FreezeBench.Results.Machine.Nvml? c; int d = e.Measurement.Length; FreezeBench.Benchmarks.Cases.CaseId? f; }
            """;
        Assert.Equal(
            ["FreezeBench.Benchmarks/Cases", "FreezeBench.Results/Machine", "FreezeBench/Data", "FreezeBench/Models", "FreezeBench/Native", "FreezeBench/Training"],
            UsesOf("FreezeBench/Freezing", Source.Split('\n')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Namespaces_AreFolders()
    {
        var wrong = projectFolders.Append("tests").SelectMany(SourceFiles)
            .Select(file => (File: Relative(file), Expected: ExpectedNamespace(file), Actual: Namespace().Match(File.ReadAllText(file)).Groups[1].Value))
            // A program's entry point has statements and no namespace.
            .Where(file => file.Actual != file.Expected && !(file.Actual.Length == 0 && Path.GetFileName(file.File) == "Program.cs"))
            .Select(file => $"{file.File}: '{file.Actual}', not '{file.Expected}'");
        Assert.Empty(wrong);
    }

    [Fact]
    public void NoSourceFile_IsTooLong() => Assert.Empty(projectFolders.SelectMany(SourceFiles)
        .Select(file => (File: Relative(file), Lines: File.ReadLines(file).Count())).Where(file => file.Lines > MostLines)
        .Select(file => $"{file.File} has {file.Lines} lines; {MostLines} is the most"));

    [Fact]
    public void Results_ReferenceNoTorch()
    {
        var references = Assembly.Load("FreezeBench.Results").GetReferencedAssemblies().Select(assembly => assembly.Name!);
        Assert.DoesNotContain(references, name => name.Contains("Torch", StringComparison.OrdinalIgnoreCase) || name == "FreezeBench");
        var project = File.ReadAllText(Path.Combine(Solution.Root, "src/FreezeBench.Results/FreezeBench.Results.csproj"));
        Assert.DoesNotMatch("(?i)(Include|Project)=\"[^\"]*torch", project);
    }

    [Fact]
    public void OnlyPrograms_PrintWithSpectreConsole() => Assert.Empty(projectFolders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Solution.Root, folder), "*.csproj", SearchOption.AllDirectories))
        .Where(project => File.ReadAllText(project) is var text && text.Contains("Spectre.Console", StringComparison.Ordinal)
            && !text.Contains("<OutputType>Exe</OutputType>", StringComparison.Ordinal))
        .Select(Relative));

    private static IEnumerable<string> UsesOf(string folder, string file) => UsesOf(folder, File.ReadAllLines(file));

    /// <summary>Folders that a file's code names, by a whole name or one that starts below its own library; not in comments.</summary>
    private static IEnumerable<string> UsesOf(string folder, IEnumerable<string> lines)
    {
        var library = folder[..folder.IndexOf('/', StringComparison.Ordinal)];
        var code = Code(lines);
        var whole = WholeName().Matches(code).Select(match => $"{match.Groups[1].Value}/{match.Groups[2].Value}").Where(mayUse.ContainsKey);
        var relative = RelativeName().Matches(code).Select(match => $"{library}/{match.Groups[1].Value}").Where(mayUse.ContainsKey);
        return whole.Concat(relative).Distinct();
    }

    // Without comments and the namespace's own name.
    private static string Code(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => line.Trim())
        .Where(line => !line.StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal)));

    // Where a project, or a folder of one, lies.
    private static string Source(string folder) => folder.StartsWith(Bench, StringComparison.Ordinal) ? $"bench{folder[Bench.Length..]}" : $"src/{folder}";

    private static string ExpectedNamespace(string file)
    {
        var parts = Relative(Path.GetDirectoryName(file)!).Split('/');
        var (project, inside) = parts[0] == "bench" ? ("FreezeBench.Benchmarks", parts[1..]) : (parts[1], parts[2..]);
        return string.Join('.', inside.Prepend(project));
    }

    private static List<string> SourceFiles(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Solution.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Relative(file).Split('/').Any(part => part is "obj" or "bin" or "BenchmarkDotNet.Artifacts"))];

    private static string Relative(string path) => Path.GetRelativePath(Solution.Root, path).Replace('\\', '/');

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b(FreezeBench(?:\.Results|\.Benchmarks)?)\.(\w+)")]
    private static partial Regex WholeName();

    // "Models.Backbone" inside namespace FreezeBench.CommandLine is FreezeBench.Models.Backbone; ".Data.Count" is a property.
    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\.[A-Z]")]
    private static partial Regex RelativeName();
}
