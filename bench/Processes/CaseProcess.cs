using System.IO.Pipes;
using System.Text.Json;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Toolchains.InProcess.Emit.Implementation;

namespace FreezeBench.Benchmarks.Processes;

/// <summary>The other end of <see cref="OwnProcessToolchain"/>: the program in a process that it has started of itself, for one case.</summary>
public static class CaseProcess
{
    /// <summary>Whether this process is to run a case and nothing else. The first thing that a program asks.</summary>
    public static bool IsAsked => OrderVariable.IsSet(CaseOrder.Variable);

    // An order may have been made by nobody: by a user's environment.
    private static (Stream Pipe, BenchmarkCase Benchmark) Ordered(Func<IConfig> config)
    {
        try
        {
            var order = CaseOrder.Received();
            // A program that the case starts is none of it.
            Environment.SetEnvironmentVariable(CaseOrder.Variable, null);
            return (new AnonymousPipeClientStream(PipeDirection.Out, order.Pipe), order.Find(config()));
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException or TypeLoadException or IOException or UnauthorizedAccessException or BadImageFormatException or NotSupportedException)
        {
            throw OrderVariable.NoOrder(CaseOrder.Variable, "the process of a case what to do", error);
        }
    }

    /// <summary>Runs the case by BenchmarkDotNet's engine. Its lines go to the program that asks.</summary>
    /// <param name="config">Made as in the program that asks.</param>
    /// <returns>The exit code of the process.</returns>
    /// <remarks>
    /// On the thread that calls, which is to be the main one. BenchmarkDotNet's executors of cases in the same process start
    /// another, where glibc takes memory from heaps of 64 MiB and gives them back when they are free, whatever it was told to
    /// keep: 25 fine-tuning steps of ResNet-18 (32 px, batch 128) had 351,000 page faults there and 92,000 on the main thread.
    /// </remarks>
    public static int Run(Func<IConfig> config)
    {
        var (pipe, benchmark) = Ordered(config);
        using var writer = new StreamWriter(pipe) { AutoFlush = true };
        using var logger = new StreamLogger(writer);
        var partition = new BuildPartition([new BenchmarkBuildInfo(benchmark, benchmark.Config, id: 0)], EngineParameters.DefaultResolver);
        var toolchain = InProcessEmitToolchain.Instance;
        var emitted = toolchain.Builder.Build(toolchain.Generator.GenerateProject(partition, logger, rootArtifactsFolderPath: ""), partition, logger);
        if (!emitted.IsBuildSuccess)
            throw new InvalidOperationException($"{benchmark.DisplayInfo}: {emitted.ErrorMessage}");
        return RunnableProgram.Run(
            partition.Benchmarks[0].Id, ((InProcessEmitArtifactsPath)emitted.ArtifactsPaths).GeneratedAssembly, benchmark, new InProcessHost(benchmark, logger, diagnoser: null!));
    }
}
