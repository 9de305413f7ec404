using FreezeBench.MlNet;
using Spectre.Console;

return MlNetProgram.Run(args, AnsiConsole.Console, Console.Error);
