using System.Text.Json.Serialization;

namespace FreezeBench.Results.Machine;

/// <summary>What only a process that has loaded libtorch can tell; this library never loads it.</summary>
public sealed record TorchFacts
{
    /// <summary>Device of the run: <c>cpu</c>, <c>mps</c> or <c>cuda:N</c>, N counted as CUDA counts.</summary>
    public required string Device { get; init; }

    /// <summary>What libtorch is for: <c>cpu</c> or <c>cuda</c>; of the packages the build's choice.</summary>
    public required string Backend { get; init; }

    /// <summary>Version of TorchSharp.</summary>
    [JsonPropertyName("torchsharp_version")]
    public required string TorchSharpVersion { get; init; }

    /// <summary>Version of libtorch: of the packages' four numbers (2.10.0.0), of an installed PyTorch's what that says (2.10.0+cu130).</summary>
    [JsonPropertyName("libtorch_version")]
    public required string LibtorchVersion { get; init; }

    /// <summary>Version of BenchmarkDotNet; "unknown" where a program without it (the accuracy runner) made the record.</summary>
    [JsonPropertyName("benchmarkdotnet_version")]
    public string BenchmarkDotNetVersion { get; init; } = Unknown.Text;

    /// <summary>Threads that libtorch's operators use on the CPU.</summary>
    public required int Threads { get; init; }

    /// <summary>Whether matrix products may use TF32 on the GPU, as the first run here set it; null is unknown.</summary>
    public bool? MatmulTf32 { get; init; }

    /// <summary>Whether cuDNN may use TF32, as the first run here set it; null is unknown.</summary>
    public bool? CudnnTf32 { get; init; }

    /// <summary>Whether the run's device is a GPU, so that GPU and driver belong to the environment id.</summary>
    [JsonIgnore]
    public bool UsesGpu => IsGpu(Device);

    /// <summary>Whether a device by its name, such as <c>cuda:0</c>, is a GPU of NVIDIA's.</summary>
    public static bool IsGpu(string device) => device.StartsWith("cuda", StringComparison.Ordinal);
}
