using FreezeBench.Tool;
using Spectre.Console;

return ToolProgram.Run(args, AnsiConsole.Console, Console.Error);
