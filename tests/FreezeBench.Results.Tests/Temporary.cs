namespace FreezeBench.Results.Tests;

/// <summary>A folder that goes when the test ends.</summary>
internal sealed class Temporary : IDisposable
{
    internal string Folder { get; } = Directory.CreateTempSubdirectory("freezebench-test-").FullName;

    internal string File(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        // Git writes its objects read-only, which Windows refuses to delete.
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
            System.IO.File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(Folder, recursive: true);
    }
}
