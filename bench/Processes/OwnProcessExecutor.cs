using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using BenchmarkDotNet.Extensions;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains;
using BenchmarkDotNet.Toolchains.Parameters;
using BenchmarkDotNet.Toolchains.Results;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Results.Machine;

namespace FreezeBench.Benchmarks.Processes;

/// <summary>Starts this program once more for a case, and tells BenchmarkDotNet what its engine printed there.</summary>
/// <param name="watchOthers">Begins to watch what other programs do.</param>
/// <param name="once">Whether a case is measured once, whatever they do.</param>
internal sealed class OwnProcessExecutor(Func<OtherLoad> watchOthers, bool once) : IExecutor
{
    // From the engine's last line to the end of the process: CUDA takes seconds to give a GPU back, and may hang in it.
    private static readonly TimeSpan longestExit = TimeSpan.FromSeconds(30);

    /// <remarks>A case beside which other programs were busy is measured once more, and then stands as it is: a machine that is never idle would never end.</remarks>
    public ExecuteResult Execute(ExecuteParameters executeParameters)
    {
        var (result, load) = Watched(executeParameters);
        if (load.Disturbed && result.ExitCode == 0 && !once)
        {
            executeParameters.Logger.WriteLineInfo("// Other programs were busy beside this process; the case is measured once more.");
            var first = load.OthersBusyCores;
            (result, load) = Watched(executeParameters);
            load = load with { FirstAttempt = first };
        }
        CaseLoads.Keep(executeParameters.BenchmarkCase, load);
        return result;
    }

    private (ExecuteResult Result, CaseLoad Load) Watched(ExecuteParameters executeParameters)
    {
        var others = watchOthers();
        var result = Attempt(executeParameters);
        return (result, new CaseLoad(others.BusyCores()));
    }

    private ExecuteResult Attempt(ExecuteParameters executeParameters)
    {
        var (benchmark, logger) = (executeParameters.BenchmarkCase, executeParameters.Logger);
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        using var process = new Process { StartInfo = StartInfo(benchmark, pipe.GetClientHandleAsString()) };
        var output = new ChildOutput(process, logger);
        var kills = new MemoryKills();
        logger.WriteLineInfo($"// Execute: {process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}");
        try
        {
            using var life = ChildLife.Start(process);
            pipe.DisposeLocalCopyOfClientHandle();
            output.Begin();
            process.EnsureHighPriority(logger);
            if (benchmark.Job.Environment.HasValue(EnvironmentMode.AffinityCharacteristic))
                process.TrySetAffinity(benchmark.Job.Environment.Affinity, logger);
            var lines = Lines(pipe, logger);
            var ended = process.WaitForExit(longestExit);
            if (!ended)
            {
                logger.WriteLineError($"// The process has not ended {longestExit.TotalSeconds} s after its case, and is killed.");
                process.Kill(entireProcessTree: true);
            }
            // Without a limit it also waits for the end of what the process has printed.
            process.WaitForExit();
            if (ended && process.ExitCode == KilledCases.ExitCode)
                KilledCases.Remember(process.Id, kills.Any);
            else if (ended && KilledCases.Signal(process.ExitCode) is not null)
                KilledCases.RememberWords(process.Id, output.LastError);
            return new ExecuteResult(
                foundExecutable: true, ended ? process.ExitCode : null, process.Id, [.. lines.Where(line => !IsRemark(line))], [.. lines.Where(IsRemark)],
                output.Lines, executeParameters.LaunchIndex);
        }
        catch (Win32Exception error)
        {
            logger.WriteLineError($"// The process could not be started: {error.Message}");
            return new ExecuteResult(foundExecutable: true, exitCode: null, processId: null, [], [], [], executeParameters.LaunchIndex);
        }
    }

    private ProcessStartInfo StartInfo(BenchmarkCase benchmark, string pipe)
    {
        var start = OwnProgram.Again();
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.CreateNoWindow = true;
        // The JIT's background thread would take a core from libtorch's spinning threads for the first seconds. On two cores
        // frozen steps came out up to twice as long (IQR 25 % of the median; 3 % without). Where nobody keeps the times, a start is all.
        if (!once)
            start.Environment["DOTNET_TieredCompilation"] = "0";
        foreach (var variable in benchmark.Job.Environment.EnvironmentVariables ?? [])
            start.Environment[variable.Key] = variable.Value;
        start.Environment[CaseOrder.Variable] = CaseOrder.Of(benchmark, pipe).ToJson();
        return start;
    }

    // Until the process has closed its end, be it by ending.
    private static List<string> Lines(AnonymousPipeServerStream pipe, ILogger logger)
    {
        List<string> lines = [];
        using var reader = new StreamReader(pipe);
        while (reader.ReadLine() is { } line)
        {
            logger.WriteLine(line);
            lines.Add(line);
        }
        return lines;
    }

    // BenchmarkDotNet's mark of lines that are no measurements.
    private static bool IsRemark(string line) => line.StartsWith("//", StringComparison.Ordinal);
}
