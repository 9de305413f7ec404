using FreezeBench.Tool.Cells;

namespace FreezeBench.Tool.Engines;

internal sealed record JobScript
{
    /// <summary>Where its text goes, so that people can read it: a file beside its logs. Full path.</summary>
    public required string Path { get; init; }

    /// <summary>What queues show.</summary>
    public required string Name { get; init; }

    /// <summary>What nodes it may run on.</summary>
    public required NodeKind Node { get; init; }

    /// <summary>Tasks, 1 to this, each with its number; null: a job of one.</summary>
    public int? Tasks { get; init; }

    /// <summary>Whether it asks for the devices of its kind: a merge needs none.</summary>
    public required bool NeedsDevice { get; init; }

    /// <summary>Jobs that must have ended, well or not.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Lines that come before the command.</summary>
    public required IReadOnlyList<string> Setup { get; init; }

    /// <summary>Text of a shell that runs the job's work; a task's number is in <see cref="TaskVariable"/>.</summary>
    public required string Command { get; init; }

    /// <summary>Name of the shell's variable with the task's number.</summary>
    internal const string TaskVariable = "task";
}

/// <summary>How a task of a job stands.</summary>
/// <param name="Job">The engine's id.</param>
/// <param name="Task">Its number; null: the job has no tasks.</param>
/// <param name="State">The engine's word for it, such as <c>PENDING</c>.</param>
/// <param name="Kind">What that means.</param>
/// <param name="Where">The node; empty: none yet.</param>
/// <param name="Reason">Why it waits; empty: it does not.</param>
internal sealed record TaskState(string Job, int? Task, string State, TaskKind Kind, string Where, string Reason);

/// <summary>What a state means for a cell.</summary>
internal enum TaskKind
{
    /// <summary>It will run.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has ended, and will not run again by itself.</summary>
    Over,
}
