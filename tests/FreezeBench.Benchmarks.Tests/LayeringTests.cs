using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;
using Solution = FreezeBench.Benchmarks.Tests.Build.Shell;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>The folders are the architecture: who may use whom, read from the source itself.</summary>
public partial class LayeringTests
{
    private const int MostLines = 250;

    private static readonly string[] projectFolders = ["src", "bench"];

    // Every folder of the libraries and of bench by its namespace, without "FreezeBench.", and the folders that it may use beside itself; arrows point one
    // way. "*" at an end stands for a folder and all below it. A project's top folder is open to its own folders; bench's is the
    // program, above all of them, and they may use all of the libraries. A new folder needs a line here.
    private static readonly Dictionary<string, string[]> mayUse = new()
    {
        ["Results"] = [],
        ["Results.Ends"] = [],
        ["Results.Machine"] = [],
        ["Results.Statistics"] = [],
        // Verification: the store writes its file, under the same lock as the rows.
        ["Results.Rows"] = ["Results.Machine", "Results.Statistics", "Results.Verification"],
        ["Results.Sets"] = ["Results.Machine", "Results.Statistics", "Results.Rows"],
        ["Results.Tables"] = [],
        ["Results.Workloads"] = ["Results.Rows"],
        ["Results.Verification"] = ["Results.Tables"],
        // Checks: of rows that cannot be nothing is compared.
        ["Results.Comparison"] = ["Results.Machine", "Results.Statistics", "Results.Rows", "Results.Sets", "Results.Checks", "Results.Tables", "Results.Workloads"],
        ["Results.Ranking"] = ["Results.Machine", "Results.Statistics", "Results.Rows", "Results.Sets", "Results.Tables", "Results.Comparison"],
        ["Results.Checks"] = ["Results.Machine", "Results.Statistics", "Results.Rows", "Results.Sets", "Results.Verification"],
        ["Results.Merging"] = ["Results.Machine", "Results.Rows", "Results.Sets", "Results.Verification"],
        ["Results.Reports"] = ["Results.Machine", "Results.Statistics", "Results.Rows", "Results.Sets", "Results.Tables", "Results.Workloads", "Results.Comparison"],
        // Reports: trainings are grouped, and conclusions refused, as there. Comparison: the spread from run to run that is assumed.
        ["Results.Advising"] = ["Results.Machine", "Results.Statistics", "Results.Rows", "Results.Sets", "Results.Tables", "Results.Comparison", "Results.Reports"],
        ["Tool.Elements"] = [],
        ["Tool.Plots"] = ["Tool.Elements", "Results.*"],
        ["Tool.Html"] = ["Tool.Plots", "Tool.Elements", "Results.*"],
        ["Tool.Checks"] = ["Results.*"],
        ["Tool.Listing"] = ["Results.*"],
        // Html: rows that are brought together get their report.
        ["Tool.Cells"] = ["Tool.Html", "Results.*"],
        ["Tool.Engines"] = ["Tool.Cells", "Results.*"],
        ["Tool.Commands"] = ["Tool.Html", "Tool.Checks", "Tool.Listing", "Tool.Cells", "Tool.Engines", "Results.*"],
        ["Tool"] = ["Tool.Commands", "Results.*"],
        ["Torch"] = [],
        ["Torch.Loading"] = [],
        ["Torch.Hardware"] = ["Torch.Loading"],
        ["Torch.Arithmetic"] = ["Torch.Loading", "Torch.Hardware"],
        ["Kernels.Observing"] = [],
        // Torch.Loading: kernels are measured with the heap that belongs to them.
        ["Kernels"] = ["Kernels.Observing", "Torch", "Torch.Loading"],
        ["Kernels.Convolutions"] = ["Kernels.Observing"],
        ["Kernels.Folding"] = ["Kernels.Convolutions", "Kernels.Observing", "Torch.*"],
        ["Kernels.Optimizing"] = ["Kernels.Observing", "Torch.*"],
        ["Downloads"] = ["Results.*"],
        ["Archives"] = ["Downloads", "Torch.*", "Results.*"],
        ["Networks"] = ["Kernels.*", "Results.*"],
        ["Networks.Vit"] = ["Networks", "Kernels.*", "Results.*"],
        ["Networks.TorchVision"] = ["Networks", "Kernels.*", "Results.*"],
        ["Networks.General"] = ["Networks", "Kernels.*", "Results.*"],
        // Vit: the products of an attention are counted.
        ["Networks.Tracing"] = ["Networks", "Networks.Vit", "Kernels.*"],
        ["Networks.Residual"] = ["Networks", "Networks.Tracing", "Kernels.*"],
        ["Networks.Catalog"] = ["Networks", "Networks.Residual", "Networks.Vit", "Networks.TorchVision", "Networks.General", "Networks.Tracing", "Kernels.*", "Results.*"],
        ["Weights.Tensors"] = ["Results.*"],
        ["Weights.Pickle"] = ["Weights.Tensors"],
        ["Weights.Zip"] = ["Weights.Tensors"],
        ["Weights.Safetensors"] = ["Weights.Tensors", "Results.*"],
        ["Weights.Onnx"] = ["Weights.Tensors", "Results.*"],
        ["Weights.Files"] = ["Weights.Tensors", "Weights.Pickle", "Weights.Zip", "Weights.Safetensors", "Results.*"],
        // Images: what images are normalised with belongs to the weights.
        ["Weights.Loading"] = ["Weights.Tensors", "Weights.Files", "Weights.Onnx", "Weights.Safetensors", "Images", "Downloads", "Torch.*", "Results.*"],
        ["Images"] = ["Downloads", "Torch.*", "Results.*"],
        ["Images.Decoding"] = ["Results.*"],
        // Kernels: batches are laid out in the network's MemoryFormat.
        ["Images.Sets"] = ["Images.Decoding", "Kernels.*", "Torch.*", "Results.*"],
        ["Images.Formats"] = ["Images.Sets", "Archives", "Downloads", "Results.*"],
        ["Images.Folders"] = ["Images.Sets", "Images.Decoding", "Archives", "Downloads", "Results.*"],
        ["Images.Catalog"] = ["Images.Sets", "Images.Formats", "Images.Decoding", "Results.*"],
        ["Freezing"] = ["Networks.*", "Kernels.*", "Torch.*", "Results.*"],
        // Images, Networks and Weights: the key of features is made of the images, their transform and the backbone.
        ["Features"] = ["Freezing", "Images.Sets", "Networks.*", "Weights.*", "Torch.*", "Results.*"],
        ["Features.Heads"] = ["Images.Sets"],
        ["Optimizing"] = ["Freezing", "Images.Decoding", "Kernels.*", "Torch.*", "Results.*"],
        ["Training"] = ["Optimizing", "Features", "Features.Heads", "Freezing", "Images", "Images.Sets", "Images.Decoding", "Networks.*", "Weights.*", "Kernels.*", "Torch.*", "Results.*"],
        // Training and Images: whether a batch fits is found out by training on one.
        ["Fitting"] = ["Training", "Optimizing", "Freezing", "Images.Sets", "Networks.*", "Kernels.*", "Torch.*", "Results.*"],
        // Kernels: the peak's convolution is laid out in their MemoryFormat. Tracing: its products with padding are left out, as a network's are.
        ["Measurement"] = ["Training", "Networks.Tracing", "Kernels.*", "Torch.*", "Results.*"],
        // Of a device everything is checked that runs on it.
        ["DeviceChecks"] = ["Fitting", "Training", "Optimizing", "Measurement", "Freezing", "Images.*", "Networks.*", "Kernels.*", "Torch.*", "Results.*"],
        // What the programs share of their command lines: it names values of every folder.
        ["Programs"] = ["Measurement", "Freezing", "Optimizing", "Images.*", "Networks.*", "Kernels.*", "Torch.*", "Results.*"],
        ["Accuracy.Claims"] = [],
        ["Accuracy.Options"] = [],
        ["Accuracy.Runs"] = ["Accuracy.Options"],
        ["Accuracy.Output"] = ["Accuracy.Claims", "Accuracy.Options", "Accuracy.Runs"],
        ["Accuracy.Estimating"] = ["Accuracy.Options", "Accuracy.Runs", "Accuracy.Output"],
        ["Benchmarks.Cases"] = [],
        // Cases: who is killed leaves no word, so the process that started it does.
        ["Benchmarks.Processes"] = ["Benchmarks.Cases"],
        ["Benchmarks.Layers"] = [],
        // Cases: sizes are the cases' own.
        ["Benchmarks.Settings"] = ["Benchmarks.Cases"],
        ["Benchmarks.Options"] = ["Benchmarks.Cases", "Benchmarks.Settings"],
        // Layers: what the harness costs is measured between the layers' work.
        ["Benchmarks.Suites"] = ["Benchmarks.Cases", "Benchmarks.Settings", "Benchmarks.Layers"],
        ["Benchmarks.Running"] = ["Benchmarks.Cases", "Benchmarks.Settings", "Benchmarks.Suites", "Benchmarks.Processes"],
        ["Benchmarks.Output"] = ["Benchmarks.Cases", "Benchmarks.Processes", "Benchmarks.Settings", "Benchmarks.Suites", "Benchmarks.Running"],
        // A peer in another framework, without torch: of the library the sources that it takes in.
        ["MlNet"] = ["Images", "Images.Folders", "Programs", "Results.*"],
        // Processes: each device check is made in one of its own, which leaves a file as a case's does.
        ["Benchmarks.Verifying"] = ["Benchmarks.Cases", "Benchmarks.Processes"],
        ["Benchmarks.Profiling"] = ["Benchmarks.Layers", "Benchmarks.Settings", "Benchmarks.Suites", "Benchmarks.Output"],
    };

    public static TheoryData<string> Folders { get; } = new(mayUse.Keys);

    [Theory]
    [MemberData(nameof(Folders))]
    public void EachFolder_UsesOnlyWhatTheTableAllows(string folder) => Assert.Empty(
        FilesOf(folder).SelectMany(file => UsesOf(folder, File.ReadAllLines(file)).Where(used => !IsAllowed(folder, used)).Select(used => $"{Relative(file)} uses {used}")).Distinct());

    [Fact]
    public void EveryFolder_IsInTheTable() => Assert.Equal(
        mayUse.Keys.Order(StringComparer.Ordinal),
        projectFolders.SelectMany(SourceFiles).Select(file => ExpectedNamespace(file)).Distinct()
            .Where(name => name is not ("FreezeBench.Benchmarks" or "FreezeBench.Accuracy"))
            .Select(name => name["FreezeBench.".Length..]).Order(StringComparer.Ordinal));

    [Fact]
    public void Table_HasNoCircle()
    {
        List<string> placed = [];
        var waiting = mayUse.Keys.ToList();
        while (waiting.Where(folder => mayUse.Keys.Where(other => other != folder && IsNamed(folder, other)).All(placed.Contains)).ToList() is { Count: > 0 } next)
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
            using FreezeBench.Images.Sets;
            using static FreezeBench.Networks.Residual.Stage;
            using Clock = FreezeBench.Torch.Hardware.DeviceClock;
            // using FreezeBench.Programs;
            namespace FreezeBench.Freezing;
            /// <see cref="FreezeBench.Accuracy.Nothing"/>
            class A { object b = new Training.Trainer(); FreezeBench.Results.Machine.Nvml? c; int d = e.Measurement.Length; }
            """;
        Assert.Equal(
            ["Images.Sets", "Networks.Residual", "Results.Machine", "Torch.Hardware", "Training"],
            UsesOf("Freezing", Source.Split('\n')).Order(StringComparer.Ordinal));
        Assert.Equal(["Results.Machine"], UsesOf("Results.Rows", ["string text = Machine.Unknown.Text;"]));
        Assert.Equal(
            ["Benchmarks.Cases", "Benchmarks.Output", "Training"],
            UsesOf("Benchmarks.Suites", ["using FreezeBench.Benchmarks.Cases;", "using FreezeBench.Training;", "Output.CellText? a;"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ProgramOfBench_IsUsedByNoneOfItsFolders()
    {
        var program = FilesOf("Benchmarks").Select(Path.GetFileNameWithoutExtension).Except(["Program"]).ToList();
        Assert.NotEmpty(program);
        var users = mayUse.Keys.Where(folder => folder.StartsWith("Benchmarks.", StringComparison.Ordinal)).SelectMany(FilesOf)
            .Where(file => program.Exists(type => Regex.IsMatch(Code(File.ReadAllLines(file)), $@"\b{type}\b")));
        Assert.Empty(users.Select(Relative));
    }

    [Fact]
    public void Namespaces_AreFolders()
    {
        var wrong = projectFolders.Append("tests").SelectMany(SourceFiles)
            .Select(file => (File: Relative(file), Expected: ExpectedNamespace(file), Actual: Namespace().Match(File.ReadAllText(file)).Groups[1].Value))
            // A program's entry point has statements and no namespace. What users call is found by the shortest one.
            .Where(file => file.Actual != file.Expected && !(file.Actual.Length == 0 && Path.GetFileName(file.File) == "Program.cs")
                && (file.File, file.Actual) != ("bench/FreezeBenchmarks.cs", "FreezeBench")
                // Shared by three test projects.
                && !(file.Actual == "FreezeBench.Faults" && file.File.Contains("Faults", StringComparison.Ordinal)))
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

    // They speak of settings; OptionNames of the programs turns these into options. Comments may name none either: the next writer copies them.
    [Theory]
    [InlineData("src/FreezeBench.Torch")]
    [InlineData("src/FreezeBench.Kernels")]
    [InlineData("src/FreezeBench")]
    public void Libraries_KnowNoCommandLine(string library)
    {
        Assert.NotEmpty(SourceFiles(library));
        Assert.Empty(SourceFiles(library).SelectMany(file => File.ReadLines(file).Where(line => OptionName().IsMatch(line)).Select(line => $"{Relative(file)}: {line.Trim()}")));
        Assert.All(SourceFiles(library).Concat(Directory.EnumerateFiles(Path.Combine(Solution.Root, library), "*.csproj")),
            file => Assert.DoesNotContain("System.CommandLine", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void OptionName_IsSeenInAnySentence() => Assert.All(
        ["\"Pass --device cpu.\"", "$\"{x}--resume\"", "/// The option <c>--seeds</c>.", "\"--A\""], line => Assert.Matches(OptionName(), line));

    // A project's top folder is open to its own folders.
    private static bool IsAllowed(string folder, string used) => used == folder || IsNamed(folder, used)
        || (folder.StartsWith($"{used}.", StringComparison.Ordinal) && !used.Contains('.', StringComparison.Ordinal))
        || (IsOfProgram(folder) && used.Split('.')[0] != folder.Split('.')[0]);

    // The programs on torch are above all libraries.
    private static bool IsOfProgram(string folder) => folder.Split('.')[0] is "Benchmarks" or "Accuracy";

    private static bool IsNamed(string folder, string used) => mayUse[folder].Any(allowed =>
        allowed == used || (allowed.EndsWith(".*", StringComparison.Ordinal) && (used == allowed[..^2] || used.StartsWith(allowed[..^1], StringComparison.Ordinal))));

    private static IEnumerable<string> FilesOf(string folder) => projectFolders.SelectMany(SourceFiles).Where(file => ExpectedNamespace(file) == $"FreezeBench.{folder}");

    /// <summary>Folders that a file's code names, by a whole name or by one that starts below FreezeBench; not in comments.</summary>
    private static IEnumerable<string> UsesOf(string folder, IEnumerable<string> lines)
    {
        var names = DottedName().Matches(Code(lines)).Select(match => match.Value.StartsWith("FreezeBench.", StringComparison.Ordinal) ? match.Value["FreezeBench.".Length..] : match.Value).ToList();
        // Inside a project of several folders a name may begin below the project, too.
        var inside = $"{folder.Split('.')[0]}.";
        return names.Select(name => Longest(name, mayUse.Keys))
            .Concat(names.Select(name => Longest(inside + name, mayUse.Keys.Where(key => key.StartsWith(inside, StringComparison.Ordinal)))))
            .OfType<string>().Distinct();

        // The longest folder that begins a name: what comes behind it are types and members.
        static string? Longest(string name, IEnumerable<string> folders) =>
            folders.Where(key => name == key || name.StartsWith($"{key}.", StringComparison.Ordinal)).MaxBy(key => key.Length);
    }

    // Without comments and the namespace's own name.
    private static string Code(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => line.Trim())
        .Where(line => !line.StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("namespace ", StringComparison.Ordinal)));

    private static string ExpectedNamespace(string file)
    {
        var parts = Relative(Path.GetDirectoryName(file)!).Split('/');
        var (project, inside) = parts switch
        {
            ["bench", "peers", var peer, ..] => ($"FreezeBench.{peer}", parts[3..]),
            ["bench", ..] => ("FreezeBench.Benchmarks", parts[1..]),
            _ => (parts[1], parts[2..]),
        };
        return string.Join('.', inside.Prepend(project));
    }

    private static List<string> SourceFiles(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Solution.Root, folder), "*.cs", SearchOption.AllDirectories)
            // A template's content is the code of its users.
            .Where(file => !Relative(file).Split('/').Any(part => part is "obj" or "bin" or "BenchmarkDotNet.Artifacts" or "content"))];

    private static string Relative(string path) => Path.GetRelativePath(Solution.Root, path).Replace('\\', '/');

    // A decrement stands behind its variable here.
    [GeneratedRegex("--[A-Za-z]")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    // "Training.Trainer" inside namespace FreezeBench.Programs is FreezeBench.Training.Trainer; "e.Training.Count" is a property.
    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)+")]
    private static partial Regex DottedName();
}
