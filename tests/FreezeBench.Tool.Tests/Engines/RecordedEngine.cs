using FreezeBench.Results;
using FreezeBench.Tool.Engines;

namespace FreezeBench.Tool.Tests.Engines;

/// <summary>An engine that keeps what it is given. The real one is tested by tests/slurm/check.sh.</summary>
internal sealed class RecordedEngine : IBatchEngine
{
    public string Name => "Slurm";

    public int MostTasks { get; init; } = 1000;

    internal List<JobScript> Scripts { get; } = [];

    internal List<string> Cancelled { get; } = [];

    /// <summary>What it says of its jobs; null: it cannot be asked.</summary>
    internal IReadOnlyList<TaskState>? States { get; set; } = [];

    /// <summary>Refuses the job of this number, from 1.</summary>
    internal int Refuses { get; set; }

    /// <summary>Called while a job is submitted.</summary>
    internal Action? OnSubmit { get; set; }

    public string Submit(JobScript script)
    {
        OnSubmit?.Invoke();
        Scripts.Add(script);
        return Scripts.Count == Refuses ? throw new UserErrorException("sbatch refused it: no such partition.") : $"{100 + Scripts.Count}";
    }

    public void Cancel(IReadOnlyList<string> jobs) => Cancelled.AddRange(jobs);

    public IReadOnlyList<TaskState>? Status(IReadOnlyList<string> jobs) => States;
}
