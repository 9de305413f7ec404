using System.Reflection;

namespace FreezeBench.Torch.Loading;

/// <summary>What this program was built for; what it has loaded, which a user may choose, is <see cref="TorchLibrary"/>'s. The build stamps it into an assembly: TorchBackend.props in this repository, and the package in a user's project.</summary>
public static class TorchBuild
{
    private const string Key = "TorchBackend";

    /// <summary>"cpu" or "cuda".</summary>
    public static string Backend { get; } = Of(Assembly.GetEntryAssembly(), typeof(TorchBuild).Assembly);

    // The program's own stamp counts first: this assembly may have come in a package, which was made on another machine.
    internal static string Of(Assembly? program, Assembly library) => Stamp(program) ?? Stamp(library)!;

    private static string? Stamp(Assembly? assembly) =>
        assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(metadata => metadata.Key == Key)?.Value;
}
