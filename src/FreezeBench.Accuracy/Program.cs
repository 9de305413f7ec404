using FreezeBench.Accuracy;
using FreezeBench.CommandLine;
using Spectre.Console;

var progress = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
return CommandLineHost.Run(() => AccuracyProgram.Run(args, AnsiConsole.Console, progress), Console.Error);
