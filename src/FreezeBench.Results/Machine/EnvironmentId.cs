using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FreezeBench.Results.Machine;

/// <summary>The id of an environment: a readable name and a hash that together answer "may I compare these two files?"</summary>
/// <remarks>
/// The hash is the first 8 hexadecimal digits of the SHA-256 of <see cref="Canonical"/>, a text that a program in another
/// language can write too. GPU and driver count only where the device is a GPU: a driver update does not make CPU rows
/// incomparable. The process architecture is part of the system's line, since an emulated process on the same machine
/// measures something else. Commit, dirty flag, date, TF32 flags (they are part of a row's precision), BenchmarkDotNet's
/// version, clocks and memory sizes are kept beside the id and do not change it.
/// </remarks>
public static partial class EnvironmentId
{
    private const int LongestName = 40;

    /// <summary>Words of CPU and GPU names that tell nothing; "64-core" and what follows an @ are dropped as well.</summary>
    private static readonly HashSet<string> noise = ["r", "tm", "cpu", "processor", "with", "radeon", "graphics"];

    /// <summary>The id, for example <c>amd-epyc-2c-1a2b3c4d</c> or <c>nvidia-h100-80gb-hbm3-1a2b3c4d</c>: lower-case
    /// ASCII letters, digits and hyphens, a valid folder name on every system.</summary>
    public static string Of(EnvironmentRecord environment)
    {
        var hash = Convert.ToHexStringLower(Sha256.HashData(Encoding.UTF8.GetBytes(Canonical(environment))))[..8];
        var name = environment.Torch.UsesGpu
            ? Slug(environment.Gpu.Name, "gpu")
            : string.Create(CultureInfo.InvariantCulture, $"{Slug(environment.Machine.CpuModel, "cpu")}-{environment.Machine.LogicalCores}c");
        return $"{name}-{hash}";
    }

    /// <summary>The hashed text: these lines in this order, UTF-8, each ended by a line feed. The text of a version never
    /// changes, since folders are named by its hash; a new fact needs a new version, which is the first line. Version 2
    /// added the CPU's family and vector extension: virtual machines give one name to unlike CPUs. Version 3 leaves out what does not change
    /// a machine's speed and came with every update: the runtime's and the system's patch version (two numbers stay, but for Windows, whose
    /// third tells 11 from 10), and of the driver's version all but its branch.</summary>
    public static string Canonical(EnvironmentRecord environment)
    {
        var (torch, machine) = (environment.Torch, environment.Machine);
        (string Name, string Value)[] sinceTwo = environment.SchemaVersion >= 2
            ? [("cpu_family", machine.CpuFamily), ("cpu_vector_extension", machine.CpuVectorExtension)]
            : [];
        var speedAlone = environment.SchemaVersion >= 3;
        (string Name, string Value)[] lines =
        [
            ("freezebench_environment", environment.SchemaVersion.ToString(CultureInfo.InvariantCulture)),
            ("device_kind", torch.Device.Split(':')[0]),
            ("cpu", machine.CpuModel),
            .. sinceTwo,
            ("logical_cores", machine.LogicalCores.ToString(CultureInfo.InvariantCulture)),
            ("gpu", torch.UsesGpu ? environment.Gpu.Name : "unused"),
            ("gpu_driver", !torch.UsesGpu ? "unused" : speedAlone ? environment.Gpu.DriverVersion.Split('.')[0] : environment.Gpu.DriverVersion),
            ("os", $"{(speedAlone && !machine.OperatingSystem.Contains("Windows", StringComparison.Ordinal) ? WithoutPatch(machine.OperatingSystem) : machine.OperatingSystem)} {machine.Architecture}"),
            ("dotnet", speedAlone ? WithoutPatch(machine.DotNetVersion) : machine.DotNetVersion),
            ("torchsharp", torch.TorchSharpVersion),
            ("libtorch", torch.LibtorchVersion),
            ("torch_threads", torch.Threads.ToString(CultureInfo.InvariantCulture)),
        ];
        // A line break inside a value could imitate the next line.
        return string.Concat(lines.Select(line => $"{line.Name}={line.Value.ReplaceLineEndings(" ")}\n"));
    }

    /// <summary>A text whose version numbers end after their second part.</summary>
    internal static string WithoutPatch(string text) => Patch().Replace(text, "$1");

    private static string Slug(string name, string fallback)
    {
        var spoken = CoreCount().Replace(name.Split('@')[0].ToLowerInvariant(), " ");
        var characters = spoken.Select(character => char.IsAsciiLetterOrDigit(character) ? character : ' ').ToArray();
        var words = new string(characters).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !noise.Contains(word));
        var slug = string.Join('-', words);
        if (slug.Length > LongestName)
            slug = slug[..LongestName].TrimEnd('-');
        return slug.Length == 0 ? fallback : slug;
    }

    [GeneratedRegex(@"\b[0-9]+-core\b", RegexOptions.CultureInvariant)]
    private static partial Regex CoreCount();

    [GeneratedRegex(@"\b([0-9]+\.[0-9]+)(\.[0-9]+)+", RegexOptions.CultureInvariant)]
    private static partial Regex Patch();
}
