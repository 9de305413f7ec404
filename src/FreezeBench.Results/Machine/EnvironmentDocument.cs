using System.Text.Json.Serialization;

namespace FreezeBench.Results.Machine;

/// <summary>The file around the record: what it says its id is, which reading compares with what its facts hash to.</summary>
internal sealed record EnvironmentDocument
{
    public required int SchemaVersion { get; init; }

    public required string EnvironmentId { get; init; }

    public required TorchFacts Torch { get; init; }

    public required MachineFacts Machine { get; init; }

    public required GpuFacts Gpu { get; init; }

    [JsonIgnore]
    public EnvironmentRecord Record => new() { SchemaVersion = SchemaVersion, Torch = Torch, Machine = Machine, Gpu = Gpu };
}
