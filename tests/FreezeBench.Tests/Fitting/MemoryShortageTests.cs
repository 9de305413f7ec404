using FreezeBench.Fitting;
using FreezeBench.Freezing;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Results.Machine;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Fitting;

public class MemoryShortageTests
{
    private const long GiB = 1L << 30;

    private static readonly MemoryShortage shortage = new()
    {
        Network = NetworkCatalog.ResNet18,
        Classes = 10,
        Policy = FreezingPolicy.FineTune,
        ResolutionPx = 224,
        BatchSize = 1024,
        Images = 50_000,
        Optimizer = OptimizerKind.Sgd,
        Precision = "tf32",
        Device = new DeviceChoice(DeviceType.CUDA, 1, "as asked"),
        Memory = new DeviceMemory(8 * GiB, 8 * GiB),
    };

    [Fact]
    public void Message_SaysWhatWasAsked_WhatWasFound_AndWhatToDoNext()
    {
        var failure = LibtorchFailure.Of(LibtorchFailure.OutOfMemory + "\nException raised from malloc at CUDACachingAllocator.cpp");

        var lines = shortage.ToError(failure).Message.Split('\n');

        Assert.Equal(
            [
                "Out of memory: batch size 1024 at 224 px with fine-tune (resnet18, tf32) does not fit on cuda:1, which has 8.00 GiB.",
                Estimate(1024) + " The largest power of two that should fit is 256.",
                "Pass batch size 256; automatic batch size, which halves the size until it fits; a smaller resolution (128 px should fit); "
                    + "a policy that should fit (frozen, frozen-cached, from-layer3, from-layer4); or end other programs that use the device.",
                "libtorch says: " + LibtorchFailure.OutOfMemory,
            ],
            lines);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(24)]
    public void WhatShouldFit_DoesByTheEstimate_AndIsTheLargest(int gibibytes)
    {
        var model = new MemoryModel(NetworkCatalog.ResNet18, 10, FreezingPolicy.FineTune, 224, OptimizerKind.Sgd);
        var text = (shortage with { Memory = new DeviceMemory(gibibytes * GiB, gibibytes * GiB) }).ToError("").Message;

        var suggested = int.Parse(text.Split("Pass batch size ")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(model.Fits(suggested, gibibytes * GiB, DeviceType.CUDA));
        Assert.True(suggested == 512 || !model.Fits(2 * suggested, gibibytes * GiB, DeviceType.CUDA));
    }

    [Fact]
    public void SizeThatFailed_IsNotSuggested_EvenWhereTheEstimateHadRoom() =>
        Assert.Contains("Pass batch size 512; ", (shortage with { Memory = new DeviceMemory(800 * GiB, 800 * GiB) }).ToError("").Message, StringComparison.Ordinal);

    [Fact]
    public void UnknownMemory_IsTakenFromLibtorch_OrLeftUnknown()
    {
        var unknown = shortage with { Memory = null };

        Assert.Contains("cuda:1, which has 14.57 GiB, 2.52 GiB of it free.", unknown.ToError(LibtorchFailure.OutOfMemory).Message, StringComparison.Ordinal);
        var text = unknown.ToError("CUDA error: out of memory").Message;
        Assert.Contains("cuda:1, whose memory is unknown.", text, StringComparison.Ordinal);
        Assert.Contains("Pass a smaller batch size; automatic batch size", text, StringComparison.Ordinal);
        Assert.DoesNotContain("should fit", text, StringComparison.Ordinal);
    }

    [Fact]
    public void SignWithOtherCauses_IsNoCertainty()
    {
        const string sign = "GET was unable to find an engine to execute this computation";
        var text = shortage.ToError(sign).Message;

        Assert.StartsWith("Out of memory, by what libtorch says, which can have another cause: batch size ", text, StringComparison.Ordinal);
        // What the kernel did is no word of libtorch's.
        Assert.StartsWith("Out of memory: batch size ", shortage.ToError("nothing: the process was killed").Message, StringComparison.Ordinal);
        Assert.EndsWith($"libtorch says: {sign}", text, StringComparison.Ordinal);
        Assert.StartsWith("Out of memory: batch size ", shortage.ToError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED").Message, StringComparison.Ordinal);
        Assert.StartsWith("Out of memory: batch size ", shortage.ToError("").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BusyHost_SaysWhatIsFree() =>
        Assert.Contains(
            "on cpu, which has 24.00 GiB, 2.00 GiB of it free.",
            (shortage with { Device = new DeviceChoice(DeviceType.CPU, 0, "as asked"), Memory = new DeviceMemory(24 * GiB, 2 * GiB) }).ToError("").Message, StringComparison.Ordinal);

    [Fact]
    public void NotEvenOne_OffersNoSmallerBatch()
    {
        var text = (shortage with { BatchSize = 1, AutoBatch = true, Memory = new DeviceMemory(GiB / 64, GiB / 64) }).ToError(LibtorchFailure.OutOfMemory).Message;

        Assert.Contains("batch size 1 at 224 px with fine-tune (resnet18, tf32) does not fit on cuda:1, which has 0.02 GiB. Automatic batch size has tried every half down to it.", text, StringComparison.Ordinal);
        Assert.Contains("Pass a smaller resolution; a policy that needs less (frozen, ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchOfMoreImagesThanThereAre_CountsAsThose()
    {
        var text = (shortage with { BatchSize = 65536, Images = 1024 }).ToError("").Message;

        Assert.Contains("batch size 65536 (all 1024 images) at 224 px", text, StringComparison.Ordinal);
        Assert.Contains(Estimate(1024), text, StringComparison.Ordinal);
    }

    private static string Estimate(int batchSize)
    {
        var model = new MemoryModel(NetworkCatalog.ResNet18, 10, FreezingPolicy.FineTune, 224, OptimizerKind.Sgd);
        return FormattableString.Invariant(
            $"By the shapes of its layers a step takes about {model.PeakBytes(batchSize) / (double)GiB:0.00} GiB: {model.BytesPerImage / (double)(1 << 20):0.0} MiB for each image, {model.FixedBytes / (double)GiB:0.00} GiB beside them.");
    }
}
