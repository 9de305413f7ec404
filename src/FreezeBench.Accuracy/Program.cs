using FreezeBench.Accuracy;
using FreezeBench.Programs;
using Spectre.Console;

var progress = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
// A log's line is never wrapped; only a terminal has a width.
if (!progress.Profile.Capabilities.Interactive)
    progress.Profile.Width = int.MaxValue / 2;
return CommandLineHost.Run(() => AccuracyProgram.Run(args, AnsiConsole.Console, progress), Console.Error);
