using System.CommandLine;
using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command remark: says of a run what no program saw, so that nobody edits or deletes its rows.</summary>
internal static class RemarkCommand
{
    internal static Command Create(IAnsiConsole console)
    {
        var run = new Argument<string>("run") { Description = "The run's id, as in the column run_id" };
        var results = new Option<string>("--results") { Description = "Results folder", DefaultValueFactory = _ => "results" };
        var reason = new Option<string>("--times-disturbed")
        {
            Description = "Why the run's times say nothing, in one line: reports mark them and draw no conclusion from them",
            Required = true,
        };
        var command = new Command("remark", "Marks a run whose times were disturbed by other work on the machine; its rows stay as they are.") { run, results, reason };
        command.SetAction(parsed =>
        {
            var (id, why) = (parsed.GetValue(run)!, parsed.GetValue(reason)!.Trim());
            if (why.Length == 0 || why.Any(ForeignText.IsSteering))
                throw new UserErrorException("--times-disturbed needs a reason in one line.");
            var set = ResultSet.Load(parsed.GetValue(results)!);
            var environment = set.Environments.FirstOrDefault(environment => Holds(environment, id))
                ?? throw new UserErrorException($"No row in {parsed.GetValue(results)} has the run_id '{id}'. `freezebench list --runs` shows the runs that are there.");
            var isNew = new ResultStore(environment.Folder).AppendUnless(new RemarkRow
            {
                SchemaVersion = IResultRow.CurrentSchemaVersion,
                RunId = id,
                EnvironmentId = environment.Environment.Id,
                UtcTime = DateTimeOffset.UtcNow,
                Remark = RemarkRow.TimesDisturbed,
                Reason = why,
            }, rows => rows.Any(row => row.RunId == id && row.Remark == RemarkRow.TimesDisturbed));
            if (!isNew)
                throw new UserErrorException($"The run {id} is already marked in {Path.Combine(environment.Folder, RemarkRow.FileName)}.");
            console.WriteLine($"The times of run {id} are marked as disturbed in {environment.Environment.Id}.");
        });
        return command;
    }

    private static bool Holds(EnvironmentResults environment, string run) =>
        environment.Cases.Any(measured => measured.Row.RunId == run) || environment.Epochs.Any(row => row.RunId == run);
}
