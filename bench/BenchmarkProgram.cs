using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using FreezeBench.Benchmarks.Options;
using FreezeBench.Benchmarks.Output;
using FreezeBench.Benchmarks.Profiling;
using FreezeBench.Benchmarks.Running;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Benchmarks.Verifying;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Torch.Hardware;
using Spectre.Console;

namespace FreezeBench.Benchmarks;

/// <summary>The benchmark program: parse, resolve, measure, write, print.</summary>
public static class BenchmarkProgram
{
    /// <summary>Runs with these arguments.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">The answer: tables and where the files are.</param>
    /// <param name="progress">What happens meanwhile.</param>
    /// <returns>0 done, 1 a case failed.</returns>
    /// <exception cref="UserErrorException">
    /// The request cannot be carried out; where some cases did not fit into memory, after the others are measured and written.
    /// </exception>
    public static int Run(string[] arguments, IAnsiConsole output, IAnsiConsole progress) => Run(arguments, output, progress, facts: null);

    /// <summary>The same on GPUs that a test has made up.</summary>
    internal static int Run(string[] arguments, IAnsiConsole output, IAnsiConsole progress, CudaFacts? facts)
    {
        if (CommandLineCheck.IsAsked(arguments))
            return CommandLineCheck.Run(Check, Console.In, output.Profile.Out.Writer);
        var options = new BenchmarkOptions();
        var (parsed, theirs) = Parsed(options, arguments);
        return theirs is null ? parsed.Invoke() : Run(options, parsed, theirs, output, progress, facts);
    }

    // As far as that needs no device.
    private static void Check(string[] arguments, (int Major, int Minor)? computeCapability)
    {
        var options = new BenchmarkOptions();
        var (parsed, theirs) = Parsed(options, arguments);
        if (theirs is not null && DeviceElsewhere.Check(options.Run, parsed, computeCapability) is { } device && SettingsResolver.IsStandard(options, parsed))
            _ = WorkloadChoice.Of(WorkloadOffer.All(device, computeCapability), parsed.GetValue(options.Workloads));
    }

    // A command line without errors; no arguments of BenchmarkDotNet: it asks for help.
    private static (ParseResult Parsed, BenchmarkArguments? Theirs) Parsed(BenchmarkOptions options, string[] arguments)
    {
        var parsed = options.Command.Parse(arguments);
        if (CommandLineHost.AsksForHelp(parsed))
            return (parsed, null);
        CommandLineHost.ThrowIfWrong(parsed, SettingsResolver.Conflicts(options, parsed));
        return parsed.UnmatchedTokens.Any(string.IsNullOrWhiteSpace)
            ? throw new UserErrorException("A word of the command line is empty; an unset variable of a shell gives an empty one. Leave it out, or give a value.")
            : (parsed, BenchmarkArguments.Parse(parsed.UnmatchedTokens));
    }

    private static int Run(BenchmarkOptions options, ParseResult parsed, BenchmarkArguments theirs, IAnsiConsole output, IAnsiConsole progress, CudaFacts? facts)
    {
        // Each case is a process of its own, and so is a check of the device; of this one only a profile is made.
        var order = CheckOrder.Received();
        using var session = new RunSession(
            options.Run, parsed, deterministic: order is not null && GpuCheckProgram.NeedsDeterminism(order), computes: parsed.GetValue(options.Profile) || order is not null, facts: facts);
        if (parsed.GetValue(options.ListWorkloads))
        {
            WorkloadList.Write(output, WorkloadOffer.All(session.Device, session.DeviceComputeCapability), session.Device.Name);
            return 0;
        }
        RefuseDebugBuild();
        if (parsed.GetValue(options.GpuCheck))
            return GpuCheckProgram.Run(session, output, progress);
        // For the images that this process looks through; its cases bound themselves (Suite.SetUp).
        if (session.Device.Type == TorchSharp.DeviceType.CPU)
            MemoryBound.Apply(Environment.ProcessorCount);

        // Each run has its own: BenchmarkDotNet names its files by class and second, and so two runs at once would meet in them.
        var artifacts = Path.Combine(session.ArtifactsFolder, string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd'T'HHmmss'Z'}-{Environment.ProcessId}"));
        var settings = SettingsResolver.Resolve(options, parsed, session.Device, session.Precision, session.GpuMemoryBytes, Path.Combine(artifacts, "records")) with
        {
            Memory = session.Memory,
            BenchmarkDotNetArguments = parsed.UnmatchedTokens,
        };
        if (parsed.GetValue(options.Profile))
        {
            settings.Publish();
            return ProfileProgram.Run(settings, session, parsed.GetValue(options.Run.Out) is null ? session.ArtifactsFolder : session.ResultsFolder, output, progress);
        }
        var choice = SettingsResolver.IsStandard(options, parsed)
            ? WorkloadChoice.Of(WorkloadOffer.All(session.Device, session.DeviceComputeCapability), parsed.GetValue(options.Workloads))
            : null;
        var suites = SettingsResolver.Suites(options, parsed);
        IReadOnlyList<BenchmarkPart> parts = choice is null
            ? [new BenchmarkPart(settings, suites, Path.Combine(artifacts, "own-size"), theirs.Config)]
            : [.. choice.Measured.Select(workload => new BenchmarkPart(settings.For(workload) with { RecordFolder = Path.Combine(settings.RecordFolder, workload.Name) }, suites, Path.Combine(artifacts, workload.Name), theirs.Config))];
        if (theirs.OnlyPrints)
        {
            parts[0].Settings.Publish();
            BenchmarkRun.Print(suites, [.. parsed.UnmatchedTokens], parts[0].Config(round: 1));
            return 0;
        }
        var run = new BenchmarkRounds(parts, suites, session, (int)(parsed.GetValue(options.Repeat) ?? 1), output, progress, choice is null ? null : SettingsResolver.TimeBudget(options, parsed));
        try
        {
            return run.Measure(choice?.LeftOut ?? [], artifacts);
        }
        finally
        {
            if (Directory.Exists(settings.RecordFolder))
                Directory.Delete(settings.RecordFolder, recursive: true);
        }
    }

    private static void RefuseDebugBuild()
    {
        // The program's own assembly too: it may be of a user's project, with the network that is measured.
        if (new[] { typeof(BenchmarkProgram).Assembly, Assembly.GetEntryAssembly() }.Any(assembly => assembly?.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true))
            throw new UserErrorException("This is a Debug build, whose times mean nothing. Run it with: dotnet run -c Release");
    }
}
