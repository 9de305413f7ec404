namespace FreezeBench.Results.Rows;

/// <summary>The unit of a numeric column, for the column documentation; the column's name repeats it where it has one.</summary>
/// <param name="unit">For example <c>ms</c>, <c>images</c>, <c>1</c> for a pure number.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UnitAttribute(string unit) : Attribute
{
    /// <summary>The unit.</summary>
    public string Unit { get; } = unit;
}
