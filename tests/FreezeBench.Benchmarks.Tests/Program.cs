using FreezeBench.Benchmarks.Processes;
using FreezeBench.Benchmarks.Tests;
using FreezeBench.Benchmarks.Tests.Processes;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// As a program of a user's does: the process of a case is this program too.
if (CaseProcess.IsAsked)
    return CaseProcess.Run(ProbeRun.Config);
// What xunit.v3 generates where a test project has no entry point of its own.
return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
    ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions).GetAwaiter().GetResult()
    : ConsoleRunner.Run(args).GetAwaiter().GetResult();
