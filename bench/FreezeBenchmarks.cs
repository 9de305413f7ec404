using System.Runtime.CompilerServices;
using FreezeBench.Accuracy;
using FreezeBench.Accuracy.Output;
using FreezeBench.Benchmarks;
using FreezeBench.Benchmarks.Processes;
using FreezeBench.Benchmarks.Running;
using FreezeBench.Networks.Catalog;
using FreezeBench.Programs;
using Spectre.Console;

namespace FreezeBench;

/// <summary>All of FreezeBench as a program: what a project's Main calls to have its own networks measured.</summary>
/// <example>
/// <code>
/// return FreezeBenchmarks.Run(args, Network.Of("mynet", classes => new MyNet(classes), head: "classifier"));
/// </code>
/// </example>
public static class FreezeBenchmarks
{
    /// <summary>
    /// Runs the benchmarks, or the accuracy runner where the first argument is <c>accuracy</c>; <c>--help</c> has the options of each.
    /// </summary>
    /// <remarks>
    /// To be called first in Main, with its arguments and with the same networks in every start: the process of a case is this program,
    /// started once more.
    /// </remarks>
    /// <param name="args">The command line.</param>
    /// <param name="networks">Networks beside those of the <see cref="NetworkCatalog"/>; the first is measured where no option names one.</param>
    /// <returns>The exit code: 0 done, 1 the run failed, 2 the request was bad. Messages are on standard error.</returns>
    public static int Run(string[] args, params Network[] networks)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(networks);
        return CommandLineHost.Run(
            () =>
            {
                // The last that is added is the default.
                foreach (var network in networks.Concat(networks.Take(1)))
                    NetworkCatalog.Add(network);
                return CaseProcess.IsAsked ? CaseProcess.Run(SuiteConfig.OfCase) : ProgramOf(args);
            });
    }

    // Apart, so that the process of a case loads nothing for the terminal.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ProgramOf(string[] args) => args is [AccuracyProgram.Word, .. var others]
        ? AccuracyProgram.Run(others)
        : BenchmarkProgram.Run(args, AnsiConsole.Console, ProgressConsole.Create());
}
