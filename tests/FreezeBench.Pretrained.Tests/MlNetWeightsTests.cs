using FreezeBench.Accuracy.Tests;
using FreezeBench.Results;
using FreezeBench.Weights.Loading;
using Xunit;

namespace FreezeBench.Pretrained.Tests;

/// <summary>From the package to the cache, from there to a training.</summary>
public sealed class MlNetWeightsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void FirstLoad_ConvertsOnce_AndTheCacheAloneIsEnoughAfterwards()
    {
        List<string> lines = [];
        var first = MlNetWeights.Load(lines.Add, cache: folder.Path);
        var second = MlNetWeights.Load(lines.Add, package: folder.File("nothing"), cache: folder.Path);

        Assert.Single(lines);
        Assert.Equal(MlNetWeights.Sha256, first.Sha256);
        Assert.Equal(MlNetWeights.Sha256, second.Sha256);
        Assert.Equal(Path.Combine(folder.Path, "weights", "resnet20_mlnet-ffc1178d.safetensors"), second.Path);
        Assert.Equal([second.Path], Directory.GetFiles(Path.GetDirectoryName(second.Path)!));
    }

    [Fact]
    public void WhatIsDamagedInTheCache_IsConvertedAnew()
    {
        var path = MlNetWeights.Load(cache: folder.Path).Path;
        using (var file = File.OpenWrite(path))
        {
            file.Position = file.Length - 1;
            file.WriteByte(0xff);
        }

        Assert.Equal(MlNetWeights.Sha256, MlNetWeights.Load(cache: folder.Path).Sha256);
    }

    [Fact]
    public void AnotherModelInThePackage_IsRefused_WithBothHashes()
    {
        var model = folder.File("package/tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(model)!);
        File.WriteAllBytes(model, [8, 3]);

        var error = Assert.Throws<UserErrorException>(() => MlNetWeights.Load(package: folder.File("package"), cache: folder.Path));
        Assert.Equal($"The weights file '{model}' has the SHA-256 2d88972e9536ba54deed37db380728b3c58eab9bca1d173ae523098b0774cdf5, expected is e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f. "
            + "Delete the package's folder and restore it again.", error.Message);
    }

    [Fact]
    public void Training_StartsFromThem_AndItsRowsSayWhich()
    {
        using var cache = new UserCacheAt(folder.File("cache"));
        using var pictures = PictureFolder.OfTwoClasses();
        var result = Runner.Run(
            "--device", "cpu", "--threads", "1", "--dataset", $"imagefolder:{pictures.Path}", "--backbone", "resnet20_mlnet", "--weights", "mlnet",
            "--policies", "frozen-cached,fine-tune", "--resolution", "32", "--batch-size", "3");

        Assert.Equal(2, result.Rows.Count);
        Assert.All(result.Rows, row => Assert.Equal(("resnet20_mlnet", MlNetWeights.Name, MlNetWeights.Sha256), (row.Backbone, row.Weights, row.WeightsSha256)));
        Assert.Contains("converted, kept at", result.Progress.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void AntsAndBees_AreToldApart_OnTheirFeatures()
    {
        var data = Environment.GetEnvironmentVariable("FREEZEBENCH_DATA");
        Assert.SkipWhen(data is null, "FREEZEBENCH_DATA names no folder with real images (hymenoptera_data).");
        using var cache = new UserCacheAt(folder.File("cache"));
        var row = Runner.Run(
            "--device", "cpu", "--threads", "1", "--dataset", $"imagefolder:{Path.Combine(data!, "hymenoptera_data")}", "--backbone", "resnet20_mlnet", "--weights", "mlnet",
            "--policies", "frozen-cached", "--resolution", "96", "--batch-size", "16", "--epochs", "5").Rows[^1];

        // Half of the 153 is chance, whose standard error is 4 points.
        Assert.True(row.TestAccuracyFraction > 0.8, $"{row.TestAccuracyFraction}");
    }

    /// <summary>The user's cache in another place, for a program that looks for it by itself.</summary>
    private sealed class UserCacheAt : IDisposable
    {
        private static readonly string[] variables = ["XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"];

        private readonly Dictionary<string, string?> before = variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);

        internal UserCacheAt(string path)
        {
            Directory.CreateDirectory(path);
            foreach (var name in variables)
                Environment.SetEnvironmentVariable(name, path);
        }

        public void Dispose()
        {
            foreach (var (name, value) in before)
                Environment.SetEnvironmentVariable(name, value);
        }
    }
}
