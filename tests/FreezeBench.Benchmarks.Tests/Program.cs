using FreezeBench;
using FreezeBench.Benchmarks.Processes;
using FreezeBench.Benchmarks.Tests;
using FreezeBench.Benchmarks.Tests.Processes;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Most tests wait for a process that they have started. Beside another program's tests a third one at once makes none of them end earlier.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]

// As a program of a user's does: the process of a case is this program too.
if (CaseProcess.IsAsked && !ProgramHere.IsOfItsCase)
    return CaseProcess.Run(ProbeRun.Config);
if (LifeProbe.IsAsked)
    LifeProbe.Run();
ProgramHere.AddNetwork();
if (CaseProcess.IsAsked)
    return FreezeBenchmarks.Run(args);
// What xunit.v3 generates where a test project has no entry point of its own.
return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
    ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions).GetAwaiter().GetResult()
    : ConsoleRunner.Run(args).GetAwaiter().GetResult();
