using FreezeBench.Results;

namespace FreezeBench.Tool.Engines;

/// <summary>Whatever runs jobs on other machines. It queues, waits, places and counts; nothing of that is done here.</summary>
internal interface IBatchEngine
{
    /// <summary>For messages, such as <c>Slurm</c>.</summary>
    string Name { get; }

    /// <summary>The most tasks that one job may have, 1 or more.</summary>
    int MostTasks { get; }

    /// <returns>The engine's id of it.</returns>
    /// <exception cref="UserErrorException">The engine is not here, or refuses it, in its words.</exception>
    string Submit(JobScript script);

    /// <summary>Ends jobs, waiting or running. One that has ended is no error.</summary>
    /// <exception cref="UserErrorException">The engine is not here, or refuses it.</exception>
    void Cancel(IReadOnlyList<string> jobs);

    /// <summary>How the tasks of jobs stand; those that the engine has forgotten are left out.</summary>
    /// <returns>Null: the engine cannot be asked on this machine.</returns>
    IReadOnlyList<TaskState>? Status(IReadOnlyList<string> jobs);
}
