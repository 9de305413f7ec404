using System.Reflection;
using TorchSharp;

namespace FreezeBench.Native;

/// <summary>What of torch belongs into an environment record.</summary>
/// <param name="TorchSharpVersion">Of the package, such as 0.107.0.</param>
/// <param name="LibTorchVersion">Such as 2.10.0.0.</param>
/// <param name="Backend">What the program was built for: "cpu" or "cuda".</param>
/// <param name="Threads">Threads of one CPU operation.</param>
/// <param name="MatmulTf32">Whether fp32 matrix products may run in TF32 on a GPU (libtorch's default: false).</param>
/// <param name="CudnnTf32">Whether fp32 convolutions may (default: true, so "fp32" is not fp32 on Ampere and newer).</param>
public sealed record TorchFacts(
    string TorchSharpVersion, string LibTorchVersion, string Backend, int Threads, bool MatmulTf32, bool CudnnTf32)
{
    /// <summary>The facts of this process, as they are now.</summary>
    public static TorchFacts Read()
    {
        TorchLibrary.Load();
        // "0.107.0+commit": the commit of TorchSharp says nothing that the version does not.
        var version = typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return new(
            version?.Split('+')[0] ?? "unknown", torch.__version__, TorchBuild.Backend, torch.get_num_threads(),
            torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32);
    }
}
