namespace FreezeBench.Results.Rows;

/// <summary>Marks a column that was added after schema version 1. Files without it are still read: a text is then
/// "unknown", a number or flag, which must be nullable, null, and the kernels those that there were.</summary>
/// <param name="schemaVersion">The version that brought the column.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SinceAttribute(int schemaVersion) : Attribute
{
    /// <summary>The version that brought the column.</summary>
    public int SchemaVersion { get; } = schemaVersion;
}
