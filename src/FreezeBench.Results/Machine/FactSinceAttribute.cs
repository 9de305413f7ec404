namespace FreezeBench.Results.Machine;

/// <summary>Marks a fact that came after schema version 1 of environment.json: older files do not have it, and it is "unknown" there.</summary>
/// <param name="schemaVersion">The version that brought the fact.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FactSinceAttribute(int schemaVersion) : Attribute
{
    /// <summary>The version that brought the fact.</summary>
    public int SchemaVersion { get; } = schemaVersion;
}
