using System.Text.Json.Serialization;

namespace FreezeBench.Results.Machine;

/// <summary>Everything about a machine and its software that a measurement may depend on: <c>environment.json</c>.</summary>
/// <remarks>Commit, dirty flag and date are not in here but in every row: they change from run to run.</remarks>
public sealed record EnvironmentRecord
{
    /// <summary>Version of the file's layout and of the id's text; a reader refuses a higher one.</summary>
    public const int CurrentSchemaVersion = 3;

    /// <summary>The version that this record has and keeps: its facts, its id and its folder belong together. A record that was
    /// read from a file has the file's.</summary>
    [JsonIgnore]
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>What the process that loaded libtorch told.</summary>
    public required TorchFacts Torch { get; init; }

    /// <summary>The computer and its system software.</summary>
    public required MachineFacts Machine { get; init; }

    /// <summary>The GPU of the run; on the device <c>cpu</c> the GPU that <c>cuda:0</c> would be, for information.</summary>
    public required GpuFacts Gpu { get; init; }

    /// <summary>The environment id: equal ids mean that measurements may be compared. See <see cref="EnvironmentId"/>.</summary>
    [JsonIgnore]
    public string Id => EnvironmentId.Of(this);
}
