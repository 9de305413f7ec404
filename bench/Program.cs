using FreezeBench.Benchmarks;
using FreezeBench.Programs;
using Spectre.Console;

var progress = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
return CommandLineHost.Run(() => BenchmarkProgram.Run(args, AnsiConsole.Console, progress), Console.Error);
