using FreezeBench.Results;
using FreezeBench.Tool;
using FreezeBench.Tool.Commands;
using Spectre.Console;

using var outputs = StandardOutputs.Open();
return outputs.Conclude(SystemRefusal.Guarded(() => ToolProgram.Run(args, AnsiConsole.Console, Console.Error), ExitCode.BadInput), ExitCode.Found);
