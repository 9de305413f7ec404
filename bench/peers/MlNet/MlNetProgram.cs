using System.CommandLine.Help;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using Microsoft.ML.OnnxRuntime;
using Spectre.Console;

namespace FreezeBench.MlNet;

/// <summary>The program: 0 done, 1 ML.NET failed, 2 the request was bad.</summary>
internal static class MlNetProgram
{
    private const int RunFailed = 1;
    private const int BadRequest = 2;

    internal static int Run(string[] arguments, IAnsiConsole output, TextWriter standardError)
    {
        try
        {
            return Run(arguments, output.Profile.Out.Writer, output, standardError);
        }
        catch (UserErrorException e)
        {
            standardError.WriteLine($"Error: {MlNetOptions.Named(e)}");
            return BadRequest;
        }
        // What ML.NET and ONNX Runtime throw where the machine lacks what they need, or an image was changed meanwhile.
        catch (Exception e) when (e is OnnxRuntimeException or InvalidOperationException or DllNotFoundException or TypeInitializationException or IOException)
        {
            standardError.WriteLine($"Failed: ML.NET says: {(e.InnerException ?? e).Message.Split('\n')[0]}");
            return RunFailed;
        }
    }

    private static int Run(string[] arguments, TextWriter text, IAnsiConsole output, TextWriter progress)
    {
        var options = new MlNetOptions();
        var parsed = options.Command.Parse(arguments);
        if (parsed.Action is HelpAction || parsed.CommandResult.Command.Options.Any(option => option is System.CommandLine.VersionOption && parsed.GetResult(option) is { Implicit: false }))
            return parsed.Invoke();
        var settings = options.Settings(parsed);
        var images = Photographs.Load(settings);
        var session = MlNetSession.Begin(settings);
        progress.WriteLine($"{images.Name}: {images.Training.Count} images to train on, {images.Test.Count} to test on, {images.Classes.Count} classes.");
        progress.WriteLine($"{MlNetSession.Weights}, ML.NET {session.Environment.Torch.LibtorchVersion}, {settings.Trainer}, {settings.Threads} threads, seed {settings.Seed}.");
        if (session.Stamp.Git.Dirty == true)
            progress.WriteLine("The working tree differs from its commit: the rows will say dirty.");
        progress.WriteLine($"Warm-up: {MeasuredRounds.WarmUpImages} images, not measured.");
        foreach (var difference in session.Store.WriteEnvironment(session.Environment))
            progress.WriteLine(difference);

        var rounds = new MeasuredRounds(settings, images, session);
        List<MlNetRow> rows = [];
        for (var number = 1; number <= settings.Rounds; number++)
        {
            progress.WriteLine($"Round {number} of {settings.Rounds}.");
            rows.Add(rounds.Measure(number));
            session.Store.Append(rows[^1]);
        }
        output.Write(MlNetText.Table(rows));
        text.WriteLine(MlNetText.Beside(settings));
        text.WriteLine($"\nWritten to {Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(session.Store.Folder, MlNetRow.FileName))}.");
        return 0;
    }
}
