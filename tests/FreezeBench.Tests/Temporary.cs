namespace FreezeBench.Tests;

/// <summary>A folder that goes when the test ends.</summary>
internal sealed class Temporary : IDisposable
{
    internal string Folder { get; } = Directory.CreateTempSubdirectory("freezebench-test-").FullName;

    internal string PathOf(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
