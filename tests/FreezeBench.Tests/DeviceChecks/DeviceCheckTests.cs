using FreezeBench.DeviceChecks;
using FreezeBench.Fitting;
using FreezeBench.Freezing;
using FreezeBench.Kernels.Folding;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.DeviceChecks;

/// <summary>Each check passes on this CPU, or says why it has nothing to check, and fails where a fault is planted.</summary>
public sealed class DeviceCheckTests
{
    // Training has tests of its own, and determinism changes the process.
    public static TheoryData<string> Others { get; } =
        new(DeviceCheckList.All.Where(check => !check.Name.StartsWith("training", StringComparison.Ordinal) && !check.NeedsDeterminism).Select(check => check.Name));

    [Theory]
    [MemberData(nameof(Others))]
    public void Check_PassesOnThisCpu_OrHasNothingToCheck(string name)
    {
        var found = DeviceCheckList.All.Single(check => check.Name == name).Find(ThisCpu.Device);

        Assert.True(found.Outcome == (name is "tf32-switches" or "phases" ? CheckOutcome.NotApplicable : CheckOutcome.Pass), found.Reason);
    }

    [Fact]
    public void Names_AreEachThereOnce() => Assert.Distinct(DeviceCheckList.All.Select(check => check.Name));

    [Fact]
    public void NamesAndDescriptions_FitIntoALineOf80Columns() =>
        Assert.All(DeviceCheckList.All, check => Assert.True(check.Name.Length <= 16 && check.Description.Length <= 37, check.Description));

    [Fact]
    public void FoldedFeaturesThatAreSlightlyOff_Fail() =>
        Fails(FoldingCheck.Find(ThisCpu.Device, features => features * (1 + 1e-4)), "fp32_feature_error is 0.0001");

    [Fact]
    public void FusedOperators_AreToldOf_UsedOrNot() => Assert.Equal(
        [("bf16_fused_runs", 1), ("bf16_fused_agrees", 1), ("bf16_fused_keeps_nan", 0), ("bf16_fused_calls", 4)],
        FoldingCheck.Fused("bf16", new FusedTrial(Runs: true, Agrees: true, KeepsNaN: false), calls: 4).Select(figure => (figure.Name, figure.Value)));

    [Fact]
    public void UpdateOfOneElement_ThatDiffersByOneBit_Fails() =>
        Fails(ForeachCheck.Find(ThisCpu.Device, parameters => parameters[3].view(-1)[5].mul_(1 + 1.2e-7).Dispose()), "sgd_error is ");

    [Fact]
    public void BatchThatIsOverwritten_Fails() =>
        Fails(BatchesCheck.Find(ThisCpu.Device, batch => batch.Inputs[0].zero_().Dispose()), "host_memory_difference is ");

    [Fact]
    public void LabelsOfAnotherBatch_Fail() =>
        Fails(BatchesCheck.Find(ThisCpu.Device, batch => batch.Labels.add_(1)), "host_memory_wrong_labels is ");

    [Fact]
    public void TrainingsThatDiffer_Fail()
    {
        var number = 0;
        Assert.StartsWith("the process was not deterministic from its start on", DeterminismCheck.Find(ThisCpu.Device).Reason, StringComparison.Ordinal);
        try
        {
            Determinism.Enable();
            Fails(
                DeterminismCheck.Find(ThisCpu.Device, TrainingCheckTests.AfterBackward(network => network.HeadParameters[0].grad!.add_(1e-4 * number++).Dispose())),
                "fine_tune_tensors_that_differ is ");
            Assert.Equal(CheckOutcome.Pass, DeterminismCheck.Find(ThisCpu.Device).Outcome);
        }
        finally
        {
            Determinism.Set(false);
        }
    }

    [Theory]
    [InlineData(true, CheckOutcome.Pass)]
    [InlineData(false, CheckOutcome.Fail)]
    public void SwitchOfTf32_IsHeldToWhatItChanges(bool changes, CheckOutcome expected)
    {
        using var scope = NewDisposeScope();
        var (left, right) = (randn(128, 128), randn(128, 128));
        var exact = left.to(ScalarType.Float64).matmul(right.to(ScalarType.Float64));

        var found = CheckFinding.Of(Tf32Check.Figures("product", precision => precision.AllowsTf32 && changes ? Rounded(left).matmul(Rounded(right)) : left.matmul(right), exact));

        Assert.Equal(expected, found.Outcome);
        if (!changes)
            Assert.StartsWith("product_tf32_error is ", found.Reason, StringComparison.Ordinal);
    }

    // Of an H200, of which 8 GiB are left to the batches, and of a small card. By the model an image of 224 px takes some 22 MB, and its largest tensor 64 x 112 x 112 numbers.
    [Fact]
    public void MemoryOfALargeGpu_IsFilledByNoTensorThatKernelsCannotCount()
    {
        Assert.Equal(new DeviceMemory(140L << 30, 8L << 30), MemoryCheck.Filled(new(140L << 30, 139L << 30)));
        Assert.Equal(new DeviceMemory(8L << 30, 6L << 30), MemoryCheck.Filled(new(8L << 30, 6L << 30)));
        Assert.Equal((4, 1024, 1024), (MemoryCheck.Asked(1), MemoryCheck.Asked(256), MemoryCheck.Asked(511)));
        var byModel = new MemoryModel(NetworkCatalog.ResNet18, 10, FreezingPolicy.FineTune, 224, OptimizerKind.Sgd).LargestBatch(8L << 30, TorchSharp.DeviceType.CUDA, 1 << 20);
        Assert.InRange(MemoryCheck.Asked(byModel) * 64L * 112 * 112, 1, int.MaxValue);
    }

    [Fact]
    public void WatchingThatCostsTime_Fails_AndNoiseDoesNot()
    {
        double[] alone = [.. Enumerable.Range(0, 12).Select(round => 10 + (0.05 * (round % 3)))];

        Fails(WatchingCheck.Judged([.. alone.Select(ms => 1.05 * ms)], alone), "ratio_lower_bound is 1.0");
        Assert.Equal(CheckOutcome.Pass, WatchingCheck.Judged([.. alone.Select((ms, round) => round % 2 == 0 ? 1.3 * ms : 0.9 * ms)], alone).Outcome);
    }

    [Fact]
    public void StepAboveThePeak_Fails() => Fails(PeakCheck.Judged(1.1e12, 1e12), "step_utilisation is 1.1; at most 1.02 passes");

    [Fact]
    public void PhasesThatDoNotAddUp_Fail_AndTheBoundIsTold()
    {
        Fails(PhasesCheck.Judged(new StepBound(SingleMs: 10, StepMs: 9, IssueMs: 2), eventsMs: 3), "events_over_step is 0.3");
        static double Bound(double issueMs) => PhasesCheck.Judged(new StepBound(SingleMs: 10, StepMs: 9, issueMs), eventsMs: 9.5).Figures.Single(figure => figure.Name == "bound_by_host").Value;
        Assert.Equal((0, 1), (Bound(2), Bound(8.9)));
    }

    [Fact]
    public void MissingSymbol_IsNamed() =>
        Fails(SymbolsCheck.Found(name => name != "_ZN2at13globalContextEv"), "this libtorch does not export _ZN2at13globalContextEv");

    private static void Fails(CheckFinding found, string reason)
    {
        Assert.Equal(CheckOutcome.Fail, found.Outcome);
        Assert.StartsWith(reason, found.Reason, StringComparison.Ordinal);
    }

    // As TF32 does: 10 bits of the 23 are left.
    private static Tensor Rounded(Tensor values) => values.to(ScalarType.Float16).to(ScalarType.Float32);
}
