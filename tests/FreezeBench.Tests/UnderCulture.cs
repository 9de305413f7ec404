using System.Globalization;

namespace FreezeBench.Tests;

/// <summary>Another culture for the length of a test, to show that numbers are read and written the same in all of them.</summary>
internal sealed class UnderCulture : IDisposable
{
    private readonly CultureInfo before = CultureInfo.CurrentCulture;

    /// <param name="name">Such as de-DE, where the decimal separator is a comma and a point groups thousands.</param>
    internal UnderCulture(string name) => CultureInfo.CurrentCulture = new CultureInfo(name);

    public void Dispose() => CultureInfo.CurrentCulture = before;
}
