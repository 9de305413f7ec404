using System.Text;
using FreezeBench.Features;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Features;

public sealed class FeatureCacheTests : IDisposable
{
    private readonly Temporary temporary = new();
    private readonly List<string> said = [];

    private string Folder => temporary.PathOf("features");

    private string[] Files => Directory.GetFiles(Folder, "*.safetensors");

    [Fact]
    public void WhatWasKept_IsReadBack_BitForBit_AndBothIsSaid()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        float[] unusual = [float.NaN, -0f, float.Epsilon, float.MaxValue, 1 / 3f, 0];
        using (var features = tensor(unusual, 2, 3))
            Cache().Keep(Key("a", 2, 3), features);
        using (var found = Cache().Find(Key("a", 2, 3), CPU))
            Assert.Equal(unusual.Select(BitConverter.SingleToInt32Bits), found!.data<float>().ToArray().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(["features of 2 images: extracted, kept on disk", "features of 2 images: read from disk"], said);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void WhatWasNotKept_IsNotFound_AndNothingIsSaid()
    {
        Assert.Null(Cache().Find(Key("a"), CPU));
        Keep("a");
        said.Clear();
        Assert.Null(Cache().Find(Key("b"), CPU));
        Assert.Empty(said);
    }

    [Fact]
    public void FileWithAnyByteChanged_IsSaid_Removed_AndNeverUsed()
    {
        Keep("a");
        var path = Files.Single();
        var sound = File.ReadAllBytes(path);
        for (var place = 0; place < sound.Length; place++)
        {
            var damaged = sound.ToArray();
            damaged[place] ^= 0x11;
            Refused(path, damaged);
        }
        File.WriteAllBytes(path, sound);
        using var found = Cache().Find(Key("a"), CPU);
        Assert.NotNull(found);
    }

    [Fact]
    public void FileThatIsCutShort_OrLonger_OrSomethingElse_IsRefused()
    {
        Keep("a");
        Keep("b");
        var path = Files[0];
        var sound = File.ReadAllBytes(path);
        Refused(path, sound[..^4]);
        Refused(path, sound[..10]);
        Refused(path, []);
        Refused(path, [.. sound, 0]);
        Refused(path, Encoding.UTF8.GetBytes("somebody else's notes"));
        // The name of one key, and the content of another.
        Refused(path, File.ReadAllBytes(Files.Single(file => file != path)));
    }

    [Fact]
    public void FilesUsedLongestAgo_GoFirst_AndNobodyElsesFiles()
    {
        Keep("a");
        var bytes = new FileInfo(Files.Single()).Length;
        Keep("b");
        var mine = Path.Combine(Folder, "mine.safetensors");
        File.WriteAllBytes(mine, new byte[10_000]);
        var ago = DateTime.UtcNow.AddHours(-1);
        foreach (var file in Directory.GetFiles(Folder))
            File.SetLastWriteTimeUtc(file, ago);
        // Used, so newer than b.
        Cache().Find(Key("a"), CPU)!.Dispose();
        said.Clear();
        Keep("c", mostBytes: (2 * bytes) + 10);

        Assert.Null(Cache().Find(Key("b"), CPU));
        foreach (var name in new[] { "a", "c" })
        {
            using var found = Cache().Find(Key(name), CPU);
            Assert.NotNull(found);
        }
        Assert.True(File.Exists(mine));
        Assert.StartsWith("features on disk: removed 1 of 2 files, those used longest ago, to stay below ", said[0], StringComparison.Ordinal);
    }

    [Fact]
    public void RestOfACrash_GoesAfterADay()
    {
        Keep("a");
        string Rest(string end) => $"{Files.Single()}.{end}.tmp";
        File.WriteAllBytes(Rest("old"), [1]);
        File.WriteAllBytes(Rest("new"), [1]);
        File.SetLastWriteTimeUtc(Rest("old"), DateTime.UtcNow.AddDays(-2));
        var (old, other) = (Rest("old"), Rest("new"));
        Keep("b");
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(other));
    }

    [Fact]
    public void FeaturesLargerThanTheWholeCache_AreNotKept()
    {
        Keep("a", mostBytes: 4);
        Assert.Equal(["features of 2 images: extracted, not kept: 24 bytes, 4 are the most"], said);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void FolderThatCannotBeWritten_IsSaid_AndStopsNothing()
    {
        File.WriteAllText(Folder, "a file where the folder should be");
        Keep("a");
        Assert.StartsWith("features of 2 images: extracted, not kept: ", Assert.Single(said), StringComparison.Ordinal);
        Assert.Null(Cache().Find(Key("a"), CPU));
    }

    [Fact]
    public void ManyAtOnce_SeeWholeFilesOrNone()
    {
        var sawWhole = 0;
        Parallel.For(0, 8, number =>
        {
            List<string> own = [];
            // So little room that they remove each other's files too.
            var cache = new FeatureCache(Folder, "here", own.Add, mostBytes: 2_000);
            for (var round = 0; round < 20; round++)
            {
                var name = $"{(number + round) % 3}";
                using var found = cache.Find(Key(name, 16, 16), CPU);
                if (found is null)
                {
                    using var features = full([16, 16], float.Parse(name, null), ScalarType.Float32);
                    cache.Keep(Key(name, 16, 16), features);
                    continue;
                }
                Assert.All(found.data<float>().ToArray(), value => Assert.Equal(float.Parse(name, null), value));
                Interlocked.Increment(ref sawWhole);
            }
            Assert.DoesNotContain(own, line => line.Contains("not used", StringComparison.Ordinal) || line.Contains("not kept", StringComparison.Ordinal));
        });
        Assert.True(sawWhole > 0);
    }

    [Fact]
    public void OtherFeaturesThanTheKeys_AreTheCallersMistake()
    {
        using var features = zeros(3, 3);
        Assert.Throws<ArgumentException>("features", () => Cache().Keep(Key("a"), features));
    }

    public void Dispose() => temporary.Dispose();

    private void Refused(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        said.Clear();
        var name = Path.GetFileName(path) == $"features-{Key("a").Sha256}.safetensors" ? "a" : "b";
        using var found = Cache().Find(Key(name), CPU);
        Assert.Null(found);
        Assert.False(File.Exists(path));
        var line = Assert.Single(said);
        Assert.StartsWith($"features on disk are not used, but removed and extracted again: '{path}': ", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    private void Keep(string name, long mostBytes = FeatureCache.DefaultMostBytes)
    {
        using var features = arange(6, ScalarType.Float32).reshape(2, 3);
        Cache(mostBytes).Keep(Key(name), features);
    }

    private FeatureCache Cache(long mostBytes = FeatureCache.DefaultMostBytes) => new(Folder, "here", said.Add, mostBytes);

    private static FeatureKey Key(string name, int images = 2, int features = 3) => new($"text of {name}", images, features);
}
