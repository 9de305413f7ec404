using System.Text;
using FreezeBench.Faults;
using FreezeBench.Features;
using FreezeBench.Freezing;
using FreezeBench.Images.Formats;
using FreezeBench.Results;
using FreezeBench.Tests.Archives;
using FreezeBench.Tests.Downloads;
using FreezeBench.Tests.Images;
using FreezeBench.Tests.Training;
using FreezeBench.Training;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Faults;

/// <summary>Every kind of file that a training reads, with random damage: it is refused by name, done without, or read as it is; nothing else is made of it.</summary>
[Trait("Category", FaultAmounts.Category)]
public sealed class DamagedInputsTests : IDisposable
{
    // Together 100, of 200 files of all three projects; weights have tests of their own (MutatedFilesTests).
    private const int UsualImages = 30, UsualArchives = 25, UsualDataSets = 20, UsualDownloads = 5, UsualFeatures = 10, UsualCheckpoints = 10;

    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Images()
    {
        var goldens = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Goldens", "Images"));
        using var folder = PictureFolder.AntsAndBees();
        Try("images", UsualImages, random =>
        {
            var golden = goldens[random.Next(goldens.Length)];
            var place = $"train/ants/x{Path.GetExtension(golden)}";
            folder.WithBytes(place, Mutation.Of(File.ReadAllBytes(golden), random));
            try
            {
                using var sets = folder.Load(skipUnreadable: random.Next(2) == 0, workers: 1);
                // Decoded again, as for a batch.
                using var batch = sets.Training.Select([.. Enumerable.Range(0, sets.Training.Count).Select(index => (long)index)]);
                return sets.Training.Count is 6 or 7 ? null : $"{sets.Training.Count} images";
            }
            finally
            {
                File.Delete(folder.PathOf(place));
            }
        });
    }

    [Fact]
    public void ArchivesOfDataSets()
    {
        var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 500)));
        var tar = MadeArchive.TarBytes(MadeArchive.TarFolder("top"), MadeArchive.TarFile("top/a", content), MadeArchive.TarFile($"top/{new string('n', 150)}", content));
        var zip = MadeArchive.ZipBytes(("top/a", content, 0), ("top/b", content, 0));
        Try("archives: tar, gzip, zip", UsualArchives, random =>
        {
            var damaged = random.Next(3) switch
            {
                0 => Mutation.Of(zip, random),
                1 => Mutation.Of(MadeArchive.Gzip(tar), random),
                // Inside a sound gzip: the tar itself is what is damaged.
                _ => MadeArchive.Gzip(Mutation.Of(tar, random)),
            };
            using var archive = new MadeArchive(damaged);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Record.Exception(() => archive.Unpack());
            if (GC.GetAllocatedBytesForCurrentThread() - before is > 20_000_000 and var allocated)
                return $"{allocated} bytes were allocated";
            var there = Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(archive.Path)!).Except([archive.Path, archive.Target]).ToList();
            if (there.Count > 0 || (error is not null && Directory.Exists(archive.Target)))
                return $"left: {string.Join(", ", there)}";
            return error is null ? null : throw error;
        });
    }

    [Fact]
    public void DataSets()
    {
        using var cifar = new CifarFolder().With("data_batch_1.bin", 1, 2, 3);
        using var fashion = new FashionFolder();
        var record = File.ReadAllBytes(cifar.PathOf("data_batch_1.bin"));
        Try("data sets: CIFAR, IDX", UsualDataSets, random =>
        {
            if (random.Next(2) == 0)
            {
                using var read = cifar.WithBytes("data_batch_1.bin", Mutation.Of(record, random)).Training();
                return read.Count > 0 ? null : "no image";
            }
            var (packed, ofImages) = (random.Next(2) == 0, random.Next(2) == 0);
            foreach (var old in Directory.GetFiles(fashion.Folder))
                File.Delete(old);
            byte[] Damaged(byte[] content, bool isIt) => isIt ? Mutation.Of(content, random) : content;
            fashion.Write("train-images-idx3-ubyte", Damaged(FashionFolder.TinyImages(1, 2, 3), ofImages), packed).Write("train-labels-idx1-ubyte", Damaged(FashionFolder.Labels(1, 2, 3), !ofImages), packed);
            using var set = FashionMnistFiles.LoadTraining(fashion.Folder, torch.CPU);
            return set.Count is > 0 and <= 3 ? null : $"{set.Count} images";
        });
    }

    [Fact]
    public void PartsOfDownloads()
    {
        Try("downloads: parts and their versions", UsualDownloads, random =>
        {
            using var fetching = new Fetching(request => request.From > Fetching.Content.Length ? ServerReply.Refusal(416, "Range Not Satisfiable") : ServerReply.File(request, Fetching.Content));
            Directory.CreateDirectory(fetching.Folder);
            var (part, version) = (Fetching.Content[..random.Next(1, Fetching.Content.Length)], "\"one\""u8.ToArray());
            var ofVersion = random.Next(2) == 0;
            File.WriteAllBytes(fetching.PathOf("a.bin.part"), ofVersion ? part : Mutation.Of(part, random));
            File.WriteAllBytes(fetching.PathOf("a.bin.part.version"), ofVersion ? Mutation.Of(version, random) : version);
            // Whatever was there before: the right file comes.
            return Record.Exception(() => fetching.AssertFetched(fetching.Fetch()))?.ToString();
        });
    }

    [Fact]
    public void FeatureFiles()
    {
        var key = new FeatureKey("text", 4, 3);
        using var features = torch.randn(4, 3);
        var cache = new FeatureCache(temporary.Folder, "environment", _ => { });
        cache.Keep(key, features);
        var path = Directory.GetFiles(temporary.Folder, "*.safetensors").Single();
        var sound = File.ReadAllBytes(path);
        Try("features on disk", UsualFeatures, random =>
        {
            File.WriteAllBytes(path, Mutation.Of(sound, random));
            using var found = cache.Find(key, torch.CPU);
            if (found is null)
                throw new UserErrorException("not used");
            return found.equal(features).all().item<bool>() ? null : "other features than were kept";
        });
    }

    [Fact]
    public void Checkpoints()
    {
        using var training = TinyTraining.TinyImages();
        using var test = TinyTraining.TinyImages(seed: 2);
        var options = TinyRun.Options(training, test, Strategy.Of(FreezingPolicy.Frozen));
        var path = temporary.PathOf("run.safetensors");
        string weights;
        using (var run = new TrainingRun(options))
        {
            run.NextEpoch();
            run.Save(path);
            weights = run.WeightsSha256();
        }
        var sound = File.ReadAllBytes(path);
        Try("checkpoints", UsualCheckpoints, random =>
        {
            File.WriteAllBytes(path, Mutation.Of(sound, random));
            using var run = new TrainingRun(options);
            run.Restore(path);
            return run.WeightsSha256() == weights ? null : "other weights than were saved";
        });
    }

    /// <param name="kind">For the table.</param>
    /// <param name="usual">Files.</param>
    /// <param name="read">Reads a damaged one; what it throws as an error of the user's is a refusal. Returns what is wrong; null: nothing.</param>
    private static void Try(string kind, int usual, Func<Random, string?> read)
    {
        var tally = new FaultTally(kind);
        foreach (var seed in FaultAmounts.Seeds(usual))
        {
            string? wrong = null;
            switch (Record.Exception(() => wrong = read(new Random(seed))))
            {
                case UserErrorException refusal when refusal.Message.Any(letter => char.IsControl(letter) && letter != '\n') || refusal.Message.Length > 4000:
                    tally.Lost(seed, $"its refusal is none for a terminal: {ForeignText.Shown(refusal.Message, 4000)}");
                    break;
                case UserErrorException:
                    tally.Refused();
                    break;
                case { } escaped:
                    tally.Crashed(seed, $"{escaped}");
                    break;
                case null when wrong is not null:
                    tally.Lost(seed, wrong);
                    break;
                default:
                    tally.Accepted();
                    break;
            }
        }
        tally.Conclude();
    }
}
