using System.Runtime.InteropServices;
using FreezeBench.Accuracy.Tests;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Training;
using FreezeBench.Weights.Loading;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Pretrained.Tests;

/// <summary>The converted network and its normalisation against the package's own two models in ONNX Runtime.</summary>
public sealed class OnnxParityTests : IDisposable
{
    private const int SizePx = 224;
    private const int Pixels = SizePx * SizePx;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("plain", "contiguous")]
    [InlineData("fast", "channels-last")]
    public void Features_AreThoseOfOnnxRuntime_FromPixelsOn(string kernels, string format)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var weights = MlNetWeights.Load(cache: folder.Path);
        using var network = InitialNetwork.Create(NetworkCatalog.ResNet20MlNet, 2, SizePx, KernelSet.Parse(kernels), CPU, MemoryFormat.Parse(format), seed: 1, weights);
        network.Module.eval();
        using var transform = new ImageTransform(SizePx, MemoryFormat.Parse(format), CPU, InputStatistics.Of(weights));
        var pictures = new[] { Waves(1), Waves(3), Noise() };

        var batch = transform.Apply(tensor(pictures.SelectMany(picture => picture).ToArray()).reshape(pictures.Length, 3, SizePx, SizePx));
        var features = network.Stages.SkipLast(1).Aggregate(batch, (input, stage) => stage.Run(input));

        Assert.Equal([pictures.Length, network.FeatureCount], features.shape);
        var expected = pictures.Select(ByOnnxRuntime).ToList();
        // Not all the same, and not nothing: three pictures apart from each other.
        Assert.True(expected[0].Zip(expected[1], (one, other) => Math.Abs(one - other)).Max() > 1);
        foreach (var (index, one) in expected.Index())
        {
            var difference = one.Zip(features[index].data<float>().ToArray(), (theirs, ours) => Math.Abs(theirs - ours)).Max();
            TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"picture {index}: largest feature {one.Max()}, largest difference {difference}"));
            Assert.True(difference < 1e-4, $"{difference}");
        }
    }

    private static float[] ByOnnxRuntime(byte[] picture)
    {
        var models = Path.Combine((string)AppContext.GetData("FreezeBench.PretrainedWeights.Folder")!, "tools", "DnnImageModels");
        var pixels = Run(Path.Combine(models, "ResNetPrepOnnx", "ResNetPreprocess.onnx"), "OriginalInput", [.. picture.Select(value => (float)value)]);
        return Run(Path.Combine(models, "ResNet18Onnx", "ResNet18.onnx"), "Input247", pixels);
    }

    private static float[] Run(string model, string input, float[] values)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(input, new DenseTensor<float>(values, [1, 3, SizePx, SizePx]))]);
        return [.. results.Single().AsEnumerable<float>()];
    }

    // Unlike in every channel and every direction, so that a channel, a row or a column at another's place shows.
    private static byte[] Waves(int turns) => [.. Enumerable.Range(0, 3 * Pixels).Select(place =>
        (byte)(127.5 + (127 * Math.Sin((turns * (place % SizePx) * (1 + (place / Pixels)) / 40d) + (place % Pixels / SizePx * 0.07)))))];

    private static byte[] Noise()
    {
        var bytes = new byte[3 * Pixels];
        new Random(7).NextBytes(MemoryMarshal.AsBytes(bytes.AsSpan()));
        return bytes;
    }
}
