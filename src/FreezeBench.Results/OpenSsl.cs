using System.Runtime.InteropServices;

namespace FreezeBench.Results;

/// <summary>The system's library of cryptography, in which .NET on Linux computes hashes and speaks https.</summary>
/// <remarks>
/// Small systems, such as a container of Debian 12 with nothing installed, have none, and .NET ends the whole process, with no
/// exception, where one of its types would need it. So it is asked for before.
/// </remarks>
public static class OpenSsl
{
    // The versions that .NET 10 works with, the newest first, and the variable by which a user names another one.
    private const string Chosen = "CLR_OPENSSL_VERSION_OVERRIDE";
    private static readonly string[] versions = ["3", "1.1"];
    private static readonly Lazy<bool> missing = new(() => OperatingSystem.IsLinux()
        && !versions.Prepend(Environment.GetEnvironmentVariable(Chosen) ?? "").Where(version => version.Length > 0).Any(version => NativeLibrary.TryLoad($"libssl.so.{version}", out _)));

    /// <summary>Whether .NET would need it here and it is not there.</summary>
    public static bool IsMissing => missing.Value;
}
