using System.Text.Json;

namespace FreezeBench.Tool.Tests.Packing;

/// <summary>Where NuGet has what the build of these tests restored.</summary>
internal static class PackageCache
{
    /// <summary>The folder, as the build wrote it down: dotnet would say the same, and take half a second of the processor.</summary>
    /// <param name="project">Name of a test project.</param>
    internal static string Of(string project)
    {
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", project, "obj", "project.assets.json")));
        return assets.RootElement.GetProperty("project").GetProperty("restore").GetProperty("packagesPath").GetString()!;
    }
}
