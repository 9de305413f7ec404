using FreezeBench.Benchmarks;
using FreezeBench.Benchmarks.Processes;
using FreezeBench.Benchmarks.Running;
using FreezeBench.Programs;
using Spectre.Console;

// First: the process of a case is this program too.
if (CaseProcess.IsAsked)
    return CommandLineHost.Run(() => CaseProcess.Run(SuiteConfig.OfCase), Console.Error);
var progress = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
return CommandLineHost.Run(() => BenchmarkProgram.Run(args, AnsiConsole.Console, progress), Console.Error);
