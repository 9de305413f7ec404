using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Rows;

/// <summary>What all rows of one invocation share. Made once at the start, so that files which the run itself writes
/// cannot turn its later rows dirty.</summary>
public sealed record RunStamp
{
    /// <summary>See <see cref="Rows.RunId"/>.</summary>
    public required string RunId { get; init; }

    /// <summary>See <see cref="Machine.EnvironmentId"/>.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>Start of the run.</summary>
    public required DateTimeOffset UtcTime { get; init; }

    /// <summary>The code that measures.</summary>
    public required GitState Git { get; init; }

    /// <summary>See <see cref="NodeId"/>.</summary>
    public string Node { get; init; } = Unknown.Text;

    /// <summary>The stamp of a run that starts now.</summary>
    public static RunStamp New(EnvironmentRecord environment, string node, GitState git)
    {
        var now = DateTimeOffset.UtcNow;
        return new RunStamp { RunId = Rows.RunId.New(now), EnvironmentId = environment.Id, UtcTime = now, Git = git, Node = node };
    }
}
