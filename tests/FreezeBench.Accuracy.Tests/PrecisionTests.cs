using Xunit;

namespace FreezeBench.Accuracy.Tests;

/// <summary>--precision on the command line of the accuracy runner.</summary>
public class PrecisionTests
{
    // Not 16 px: with bfloat16 libtorch 2.10 reads memory that nobody wrote where a convolution's image has become one pixel, with plain layers
    // too (MALLOC_PERTURB_=1 shows it), and the run diverges or not by what was there.
    private static readonly string[] common = [.. Runner.Synthetic.Select(word => word == "16" ? "32" : word), "--policies", "from-layer4"];

    private static readonly Lazy<RunnerResult> wideRun = new(() => Runner.Run(common));

    [Fact]
    public void Default_OnTheCpu_IsFp32_AndTheSameAsAskedFor()
    {
        var (unasked, asked) = (Runner.Run([.. Runner.Synthetic, "--policies", "fine-tune"]), Runner.Run([.. Runner.Synthetic, "--policies", "fine-tune", "--precision", "fp32"]));

        Assert.Equal(Learned.All(unasked.Rows, unasked.Ends), Learned.All(asked.Rows, asked.Ends));
        Assert.Equal(("fp32", "fp32", null), (unasked.Rows[0].Precision, unasked.Ends[0].Precision, unasked.Rows[0].CudnnAutotune));
        Assert.Contains("precision   fp32", unasked.Progress, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bf16")]
    [InlineData("fp16")]
    public void SixteenBits_TrainOtherWeights_AndTheRowsSaySo(string precision)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "libtorch's autocast is not reached there.");
        var wide = wideRun.Value;
        var mixed = Runner.Run([.. common, "--precision", precision]);

        Assert.Equal((precision, precision), (mixed.Rows[0].Precision, mixed.Ends[0].Precision));
        Assert.NotEqual(wide.Ends[0].FinalWeightsSha256, mixed.Ends[0].FinalWeightsSha256);
        Assert.InRange(mixed.Rows[0].TestLoss, 0.9 * wide.Rows[0].TestLoss, 1.1 * wide.Rows[0].TestLoss);
    }

    [Fact]
    public void Tf32_OnTheCpu_IsRefused() => Assert.Contains(
        "--precision tf32 was asked for on cpu, and TF32 is arithmetic of NVIDIA GPUs. Pass --precision fp32",
        Runner.Refusal([.. Runner.Synthetic, "--precision", "tf32"]), StringComparison.Ordinal);
}
