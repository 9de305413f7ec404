using System.Reflection;
using FreezeBench.Programs;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;

namespace FreezeBench.MlNet;

/// <summary>What the rows say beside what was measured: the environment, the code, where they go.</summary>
/// <param name="Environment">An environment of ML.NET is never one of TorchSharp.</param>
/// <param name="Stamp">Of this run.</param>
/// <param name="Store">The environment's folder.</param>
internal sealed record MlNetSession(EnvironmentRecord Environment, RunStamp Stamp, ResultStore Store)
{
    internal const string Device = "cpu";

    /// <summary>Network and weights, as rows name them.</summary>
    internal static string Weights => $"Microsoft.ML.DnnImageFeaturizer.ResNet18 {Version(typeof(ResNet18Extension))}";

    /// <summary>Settles the environment, once, before the first row.</summary>
    internal static MlNetSession Begin(MlNetSettings settings)
    {
        var folder = WorkFolder.Find();
        var results = Path.GetFullPath(settings.Out ?? Path.Combine(folder, "results"));
        // In the places of TorchSharp and libtorch stand, as in the twin in PyTorch, the frameworks that were used in their stead.
        var environment = EnvironmentProbe.Capture(new TorchFacts
        {
            Device = Device,
            Backend = Device,
            TorchSharpVersion = "unused; ML.NET",
            LibtorchVersion = $"{Version(typeof(MLContext))} with ONNX Runtime {OrtEnv.Instance().GetVersionString()}",
            BenchmarkDotNetVersion = "unused",
            Threads = settings.Threads,
        });
        var stamp = RunStamp.New(environment, NodeId.Of(environment.Torch, nvml: null), GitState.Capture(folder, results));
        return new MlNetSession(environment, stamp, new ResultStore(Path.Combine(results, environment.Id)));
    }

    // "5.0.1+a4f730e": what stands behind the plus is the commit.
    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? Unknown.Text;
}
