using System.Globalization;

namespace FreezeBench.Results.Rows;

/// <summary>Names one invocation of a program: sorts by start, and two that start together still differ.</summary>
public static class RunId
{
    /// <summary>A new id, for example <c>20260102T030405Z-9f3a61c2</c>: UTC start to the second and 32 random bits.</summary>
    public static string New(DateTimeOffset start) =>
        start.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'-", CultureInfo.InvariantCulture) + Guid.NewGuid().ToString("N")[..8];
}
