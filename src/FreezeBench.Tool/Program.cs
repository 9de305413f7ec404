using FreezeBench.Results;
using FreezeBench.Results.Ends;
using FreezeBench.Tool;
using FreezeBench.Tool.Commands;
using Spectre.Console;

using var outputs = StandardOutputs.Open();
NativeEnd.Watch(ExitCode.BadInput, ExitCode.BadInput);
return outputs.Conclude(SystemRefusal.Guarded(() => ToolProgram.Run(args, AnsiConsole.Console, Console.Error), ExitCode.BadInput), ExitCode.Found);
