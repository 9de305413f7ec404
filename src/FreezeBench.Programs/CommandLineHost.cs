using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using FreezeBench.Results;
using FreezeBench.Results.Ends;
using FreezeBench.Results.Machine;
using FreezeBench.Torch;
using FreezeBench.Torch.Hardware;

namespace FreezeBench.Programs;

/// <summary>Exit codes and errors, the same for every program: 0 done, 1 the run failed, 2 the request was bad.</summary>
public static class CommandLineHost
{
    /// <summary>The run itself failed.</summary>
    public const int RunFailed = 1;

    /// <summary>The request cannot be carried out as it stands.</summary>
    public const int BadRequest = 2;

    /// <summary>Whether <c>--help</c> or <c>--version</c> was given: then nothing else counts.</summary>
    public static bool AsksForHelp(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.Any(option => option is HelpOption or VersionOption && parsed.GetResult(option) is { Implicit: false });

    /// <summary>Throws all errors of a parsed command line as one message.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="more">Errors found beside the parser's own, such as options that do not go together.</param>
    /// <exception cref="UserErrorException">A line for each error.</exception>
    public static void ThrowIfWrong(ParseResult parsed, IEnumerable<string> more)
    {
        string[] errors = [.. parsed.Errors.Select(error => error.Message), .. more];
        if (errors is not [])
            throw new UserErrorException(string.Join('\n', errors) + "\nSee --help for every option.");
    }

    /// <summary>The same on the process's own streams, which may be full or closed (<see cref="StandardOutputs"/>).</summary>
    /// <param name="body">Returns the exit code; takes what it writes to from <see cref="Console"/>.</param>
    public static int Run(Func<int> body)
    {
        using var outputs = StandardOutputs.Open();
        ProcessEnd.Prepare();
        NativeEnd.Watch(BadRequest, RunFailed);
        // Now: the methods that are called below load libtorch when they are compiled. Help is printed and command lines are checked without it.
        var loads = !Environment.GetCommandLineArgs().Any(word => word is "--help" or "-h" or "-?" or "--version" or CommandQuestion.Option);
        if ((WorkingFolder.Fault() ?? (loads ? AddressSpace.TooSmallForLibtorch() : null)) is { } reason)
        {
            Console.Error.WriteLine($"Error: {reason}");
            return outputs.Conclude(BadRequest, RunFailed);
        }
        var libraryIsBroken = false;
        var exitCode = outputs.Conclude(SystemRefusal.Guarded(() => Run(body, Console.Error, refusal => libraryIsBroken = IsOfLoading(refusal)), BadRequest), RunFailed);
        // libtorch that was loaded in part cannot tidy up: it would abort the process, whose end has been told.
        if (libraryIsBroken)
            ProcessEnd.Now(exitCode);
        return exitCode;
    }

    /// <summary>Runs a program's body and turns what it throws into a message and an exit code.</summary>
    /// <param name="body">Returns the exit code.</param>
    /// <param name="standardError">Where the message goes.</param>
    public static int Run(Func<int> body, TextWriter standardError) => Run(body, standardError, _ => { });

    private static int Run(Func<int> body, TextWriter standardError, Action<Exception> refused)
    {
        try
        {
            return body();
        }
        catch (Exception e) when (e is UserErrorException or RefusedException)
        {
            standardError.WriteLine($"Error: {ForeignText.Message(OptionNames.Fill(e))}");
            refused(e);
            return BadRequest;
        }
        catch (Exception e) when (SystemRefusal.Of(e) is { } told)
        {
            standardError.WriteLine($"Error: {told}");
            refused(e);
            return BadRequest;
        }
        catch (ExternalException e)
        {
            // How TorchSharp reports everything that libtorch throws. A full memory is no fault of the run: less has to be asked for.
            var full = FullMemory.IsCertain(e.Message);
            standardError.WriteLine($"{(full ? "Error: the device's memory is full, not by a step: lower --images-per-epoch, --train-limit, --batch-size or --resolution, or end other programs that use it. libtorch says" : "Failed: libtorch says")}: {ForeignText.Shown(e.Message.Split('\n')[0], ForeignText.LongestLine)}");
            return full ? BadRequest : RunFailed;
        }
    }

    private static bool IsOfLoading(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (error is OutOfMemoryException or DllNotFoundException)
                return true;
        return false;
    }
}
