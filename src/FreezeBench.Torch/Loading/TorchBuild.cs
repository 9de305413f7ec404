using System.Reflection;

namespace FreezeBench.Torch.Loading;

/// <summary>What this program was built for: the build stamps it into the assembly (TorchBackend.props).</summary>
public static class TorchBuild
{
    /// <summary>"cpu" or "cuda".</summary>
    public static string Backend { get; } = typeof(TorchBuild).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "TorchBackend").Value!;

    /// <summary>Whether it was built for CUDA.</summary>
    public static bool ForCuda => Backend == "cuda";
}
