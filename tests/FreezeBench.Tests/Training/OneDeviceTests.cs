using System.Runtime.InteropServices;
using FreezeBench.Freezing;
using FreezeBench.Images.Formats;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

/// <summary>
/// Whole training steps on libtorch's device <c>meta</c>, which has shapes and no numbers: an operation on one of its tensors and one of the CPU's
/// throws, as it would on a GPU. Of linear layers: convolution, BatchNorm, ReLU and the shuffle's gather have no C++ kernel for it, and the gradient scaler
/// reads a number at every step; those are for the checks of a device.
/// </summary>
public sealed class OneDeviceTests
{
    private static readonly Device meta = new(DeviceType.META);

    private static readonly Network network = Network.Of(
        "linear", classes => nn.Sequential(("flat", nn.Flatten()), ("body", nn.Linear(3 * 16 * 16, 8)), ("tanh", nn.Tanh()), ("fc", nn.Linear(8, classes))), head: "fc");

    public static TheoryData<string, string, string> Cases =>
        [.. from kernels in KernelSet.All
            from policy in new[] { FreezingPolicy.FineTune, FreezingPolicy.Frozen, FreezingPolicy.BiasOnly }
            from optimizer in new[] { OptimizerKind.Sgd, OptimizerKind.AdamW }
            select (kernels.Name, policy.Name, optimizer.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_HasNoTensorOfTheCpu(string kernels, string policy, string optimizer)
    {
        using var images = SyntheticImages.Create(8, 16, 10, seed: 1, meta);
        using var trainer = new Trainer(network, FreezingPolicy.Parse(policy), images, 16, MemoryFormat.Contiguous, new TrainingOptions
        {
            BatchSize = 4,
            Kernels = KernelSet.Parse(kernels),
            Optimizer = OptimizerKind.Parse(optimizer),
        });
        trainer.Step(0, NoObserver.Instance);
        trainer.Step(1, NoObserver.Instance);

        Assert.All(trainer.Network.Network.Module.parameters(), parameter => Assert.Equal(DeviceType.META, parameter.device_type));
    }

    // Else the test above could not fail.
    [Fact]
    public void TensorOfTheCpu_IsFound()
    {
        using var scope = NewDisposeScope();
        using var totals = new RunningTotals(meta);
        Tensor loss = zeros([], device: meta), logits = zeros(4, 10, device: meta);

        totals.Add(loss, logits, zeros(4, ScalarType.Int64, meta));
        Assert.Throws<ExternalException>(() => totals.Add(loss, logits, zeros(4, ScalarType.Int64, CPU)));
    }
}
