using System.Text.RegularExpressions;
using System.Xml.Linq;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>The packages as people get them: what they hold and say, and a project that is made from nothing else.</summary>
public partial class PackagesTests(PackedFreezeBench packed) : IClassFixture<PackedFreezeBench>
{
    private static readonly string[] ids = ["FreezeBench.Benchmarks", "FreezeBench.Kernels", "FreezeBench.Templates"];

    private static readonly string[] folders = ["src", "bench", "tests"];

    // Projects whose code lies in the package of the benchmarks.
    private static readonly string[] inside =
    [
        "bench/FreezeBench.Benchmarks.csproj", "src/FreezeBench/FreezeBench.csproj", "src/FreezeBench.Accuracy/FreezeBench.Accuracy.csproj",
        "src/FreezeBench.Programs/FreezeBench.Programs.csproj", "src/FreezeBench.Results/FreezeBench.Results.csproj",
    ];

    [Fact]
    public void ProjectFromTheTemplate_MeasuresAndTrainsItsOwnNetwork()
    {
        Assert.SkipUnless(PackedFreezeBench.Configuration == "Release", "A Debug build refuses to measure; run: dotnet test -c Release.");
        var project = packed.NewFolder("mine");
        PackedFreezeBench.Succeed(packed.Dotnet(project, "new", "install", packed.Nupkg("FreezeBench.Templates")));
        PackedFreezeBench.Succeed(packed.Dotnet(project, "new", "freezebench", "--torch-backend", "cpu"));

        PackedFreezeBench.Succeed(packed.Dotnet(project, "run", "--", "--quick", "--suites", "step", "--kernels", "fast", "--threads", "1", "--filter", "*Phases*", "--iterationCount", "2"));
        // What was run is there to be run by itself.
        var program = Directory.GetFiles(Path.Combine(project, "bin"), "mine.dll", SearchOption.AllDirectories).Single();
        PackedFreezeBench.Succeed(packed.Dotnet(
            project, program, "accuracy", "--dataset", "synthetic", "--train-limit", "32", "--test-limit", "16", "--batch-size", "16", "--policies", "frozen", "--threads", "1"));

        // Weights that come by NuGet: the program knows where they would be, and a restore that is asked for brings them.
        Assert.Contains("FreezeBench.PretrainedWeights.Folder", File.ReadAllText(Directory.GetFiles(project, "*.runtimeconfig.json", SearchOption.AllDirectories)[0]), StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML.DnnImageFeaturizer.ResNet18", PackedFreezeBench.Succeed(packed.Dotnet(project, "msbuild", "-p:PretrainedWeights=true", "-getItem:PackageDownload")), StringComparison.Ordinal);

        // In the project's own folder, which is in no git repository.
        var machine = Assert.Single(Directory.GetDirectories(Path.Combine(project, "results")));
        var rows = ResultStore.Read<BenchmarkRow>(Path.Combine(machine, BenchmarkRow.FileName));
        Assert.Equal(["fine-tune", "frozen"], rows.Select(row => row.Policy).Distinct().Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(("small-cnn", "step", Unknown.Text), (row.Backbone, row.Suite, row.Commit)));
        var trained = Assert.Single(ResultStore.Read<AccuracyRow>(Path.Combine(machine, AccuracyRow.FileName)));
        Assert.Equal(("small-cnn", "frozen", 1), (trained.Backbone, trained.Policy, trained.Epoch));
        Assert.Equal("cpu", EnvironmentFile.Read(Path.Combine(machine, EnvironmentFile.FileName)).Torch.Backend);
    }

    [Fact]
    public void ProjectWithoutLibtorch_IsOneError_ThatNamesTheLine()
    {
        var project = packed.NewFolder("by-hand");
        File.WriteAllText(Path.Combine(project, "by-hand.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="FreezeBench.Benchmarks" Version="{packed.Version}" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "Program.cs"), "return FreezeBench.FreezeBenchmarks.Run(args);\n");

        var (exitCode, output) = packed.Dotnet(project, "build", "-nologo", "-m:1");

        Assert.NotEqual(0, exitCode);
        var error = Assert.Single(output.Split('\n').Select(line => line.Trim()).Where(line => line.Contains(": error ", StringComparison.Ordinal)).Distinct());
        Assert.Contains("error FREEZEBENCH004: by-hand.csproj has no libtorch.", error, StringComparison.Ordinal);
        Assert.Contains($"<Sdk Name=\"FreezeBench.Benchmarks\" Version=\"{packed.Version}\" />", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_HoldTheirCode_WithDocumentationAndSymbols_AndNoLibtorch()
    {
        Assert.Equal(
            ["README.md", "Sdk/PretrainedWeights.props", "Sdk/Sdk.props", "Sdk/Sdk.targets", "Sdk/TorchBackend.props", "Sdk/Versions.props", .. Code("FreezeBench.Accuracy", "FreezeBench.Benchmarks", "FreezeBench.Programs", "FreezeBench.Results", "FreezeBench")],
            packed.Files("FreezeBench.Benchmarks"));
        Assert.Equal(
            ["README.md", "build/FreezeBench.Kernels.targets", "buildTransitive/FreezeBench.Kernels.targets", .. Code("FreezeBench.Kernels", "FreezeBench.Torch")],
            packed.Files("FreezeBench.Kernels"));
        Assert.Equal(5, packed.Files("FreezeBench.Benchmarks", symbols: true).Count(file => file.EndsWith(".pdb", StringComparison.Ordinal)));
        Assert.Equal(2, packed.Files("FreezeBench.Kernels", symbols: true).Count(file => file.EndsWith(".pdb", StringComparison.Ordinal)));
        Assert.Contains("content/freezebench/.template.config/template.json", packed.Files("FreezeBench.Templates"));
        Assert.Contains("content/freezebench/.gitignore", packed.Files("FreezeBench.Templates"));

        static IEnumerable<string> Code(params string[] assemblies) => assemblies.SelectMany(name => new[] { $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml" });
    }

    [Fact]
    public void Packages_SayWhatTheyAre_AndNameNoLicence()
    {
        foreach (var metadata in ids.Select(packed.Metadata))
        {
            foreach (var name in (string[])["description", "readme", "tags", "authors"])
                Assert.NotEqual("", Value(metadata, name));
            var repository = Assert.Single(metadata.Elements(), element => element.Name.LocalName == "repository");
            Assert.Equal("git", repository.Attribute("type")?.Value);
            Assert.Matches("^[0-9a-f]{40}$", repository.Attribute("commit")?.Value);
            Assert.DoesNotContain(metadata.Elements(), element => element.Name.LocalName.StartsWith("license", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Dependencies_AreWhatTheCodeInsideReferences_AndNoLibtorch()
    {
        var referenced = inside
            .SelectMany(project => XDocument.Load(Path.Combine(Shell.Root, project)).Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value))
            .Append("FreezeBench.Kernels").Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(referenced, Dependencies("FreezeBench.Benchmarks").Keys.Order(StringComparer.Ordinal));
        Assert.Equal(packed.Version, Dependencies("FreezeBench.Benchmarks")["FreezeBench.Kernels"].Attribute("version")?.Value);
        // Its names, such as ResNet, are FreezeBench's too: for running alone.
        Assert.Contains("Runtime", Dependencies("FreezeBench.Benchmarks")["TorchVision"].Attribute("include")?.Value);
        Assert.DoesNotContain("Compile", Dependencies("FreezeBench.Benchmarks")["TorchVision"].Attribute("include")?.Value);
        Assert.Equal(["Google.Protobuf", "SharpZipLib", "SkiaSharp", "TorchSharp"], Dependencies("FreezeBench.Kernels").Keys.Order(StringComparer.Ordinal));
        Assert.Empty(Dependencies("FreezeBench.Templates"));
    }

    [Fact]
    public void Solution_PacksFour_WhoseIdsDifferInMoreThanTheirCase()
    {
        var packable = folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Shell.Root, folder), "*.*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".csproj" or ".targets" && Packable().IsMatch(File.ReadAllText(file)))
            .Select(file => Id().Match(File.ReadAllText(file)) is { Success: true } match ? match.Groups[1].Value : new DirectoryInfo(Path.GetDirectoryName(file)!).Name switch { "bench" => "FreezeBench.Benchmarks", var name => name })
            .ToList();

        Assert.Equal([.. ids, "freezebench"], packable.Order(StringComparer.Ordinal));
        Assert.Equal(packable.Count, packable.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("<IsPackable>false</IsPackable>", File.ReadAllText(Path.Combine(Shell.Root, "Directory.Build.props")), StringComparison.Ordinal);
    }

    private static string Value(XElement metadata, string name) => Assert.Single(metadata.Elements(), element => element.Name.LocalName == name).Value;

    private Dictionary<string, XElement> Dependencies(string id) =>
        packed.Metadata(id).Descendants().Where(element => element.Name.LocalName == "dependency").ToDictionary(element => element.Attribute("id")!.Value);

    [GeneratedRegex("<IsPackable>true</IsPackable>")]
    private static partial Regex Packable();

    [GeneratedRegex("<PackageId>(.*)</PackageId>")]
    private static partial Regex Id();
}
