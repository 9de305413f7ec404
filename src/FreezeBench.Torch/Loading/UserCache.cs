
namespace FreezeBench.Torch.Loading;

/// <summary>
/// The folder in which FreezeBench keeps what it can fetch or make again. Everything in it may be deleted at any time
/// that no program runs.
/// </summary>
/// <remarks>
/// Linux: <c>$XDG_CACHE_HOME</c> where that is an absolute path (the XDG base directory specification tells to ignore
/// another), else <c>~/.cache</c>. Windows: <c>%LOCALAPPDATA%</c>. macOS: <c>~/Library/Caches</c>. In it: <c>freezebench</c>.
/// </remarks>
public static class UserCache
{
    private const string Name = "freezebench";

    /// <summary>The folder, which need not exist yet; null where the user has no home.</summary>
    public static string? Find() => Find(CurrentSystem(), Environment.GetEnvironmentVariable, Environment.GetFolderPath);

    /// <summary>The folder, or a sub-folder of it; it need not exist yet.</summary>
    /// <param name="name">Name of the sub-folder, such as <c>weights</c>.</param>
    /// <param name="cache">Another cache folder to use; null: the user's.</param>
    /// <exception cref="RefusedException">The user has no home, so there is no place for a cache.</exception>
    public static string Folder(string name, string? cache = null) => Path.Combine(
        cache ?? Find() ?? throw new RefusedException("There is no folder to keep downloads in: this user has no home folder. "
            + "Set XDG_CACHE_HOME (on Windows LOCALAPPDATA) to a folder that can be written."),
        name);

    internal static string? Find(CacheSystem system, Func<string, string?> variable, Func<Environment.SpecialFolder, string> special)
    {
        if (system == CacheSystem.Linux && variable("XDG_CACHE_HOME") is { } cache && Path.IsPathFullyQualified(cache))
            return Path.Combine(cache, Name);
        var home = special(system == CacheSystem.Windows ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile);
        if (home == "")
            return null;
        return system switch
        {
            CacheSystem.Windows => Path.Combine(home, Name),
            CacheSystem.MacOS => Path.Combine(home, "Library", "Caches", Name),
            _ => Path.Combine(home, ".cache", Name),
        };
    }

    private static CacheSystem CurrentSystem() =>
        OperatingSystem.IsWindows() ? CacheSystem.Windows : OperatingSystem.IsMacOS() ? CacheSystem.MacOS : CacheSystem.Linux;
}
