using FreezeBench.Tool.Tests;
using FreezeBench.Tool.Tests.Faults;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Most tests wait for a process that they have started. Beside another program's tests a third one at once makes none of them end earlier.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]

// A writer that a test will kill.
if (FaultWriter.IsAsked)
    return FaultWriter.Run();
// A process that an exception of C++ will end.
if (CppEnd.IsAsked)
    return CppEnd.Run();
// What xunit.v3 generates where a test project has no entry point of its own.
return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
    ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions).GetAwaiter().GetResult()
    : ConsoleRunner.Run(args).GetAwaiter().GetResult();
