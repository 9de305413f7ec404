using FreezeBench.Benchmarks.Output;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Results;
using FreezeBench.Results.Workloads;
using FreezeBench.Torch.Hardware;
using Spectre.Console.Testing;
using TorchSharp;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Settings;

public class WorkloadChoiceTests
{
    private static readonly DeviceChoice cpu = new(DeviceType.CPU, 0, "as asked"), gpu = new(DeviceType.CUDA, 0, "as asked");

    private static WorkloadChoice Choose(DeviceChoice device, int? major, IReadOnlyList<StandardWorkload>? asked = null) =>
        WorkloadChoice.Of(WorkloadOffer.All(device, major is { } known ? (known, 5) : null), asked);

    private static IEnumerable<string> Names(WorkloadChoice choice) => choice.Measured.Select(workload => workload.Name);

    [Fact]
    public void Cpu_MeasuresTheOneThatAllDevicesShare_AndSaysWhyNoOther()
    {
        var choice = Choose(cpu, null);

        Assert.Equal(["resnet18-32px-fp32"], Names(choice));
        Assert.Equal(
            [
                "resnet18-224px-tf32: TF32 is arithmetic of NVIDIA GPUs", "resnet18-224px-fp32: on a CPU it takes hours", "resnet18-224px-bf16: on a CPU it takes hours",
                "resnet18-32px-tf32: TF32 is arithmetic of NVIDIA GPUs", "resnet18-32px-bf16: few CPUs compute faster in it than in fp32",
            ],
            choice.LeftOut.Select(offer => $"{offer.Workload.Name}: {offer.WhyNot}"));
    }

    [Theory]
    [InlineData(8, "32px-fp32", "224px-tf32", "224px-fp32", "224px-bf16", "32px-tf32", "32px-bf16")]
    // Without Ampere, and where nobody knows.
    [InlineData(7, "32px-fp32", "224px-fp32")]
    [InlineData(null, "32px-fp32", "224px-fp32", "224px-bf16", "32px-bf16")]
    public void Gpu_MayMeasureAllThatItCanDo_AsFarAsTheTimeGoes(int? major, params string[] names)
    {
        var choice = Choose(gpu, major);

        Assert.Equal(names.Select(name => $"resnet18-{name}"), Names(choice));
        Assert.Equal(StandardWorkloads.All.Count, choice.Measured.Count + choice.LeftOut.Count);
        Assert.All(choice.LeftOut, offer => Assert.NotNull(offer.Impossible));
    }

    [Fact]
    public void All_AreThoseThatTheDeviceCanDo_AndTheOthersAreSaid()
    {
        var choice = Choose(cpu, null, StandardWorkloads.All);

        Assert.Equal(["resnet18-32px-fp32", "resnet18-224px-fp32", "resnet18-224px-bf16", "resnet18-32px-bf16"], Names(choice));
        Assert.Equal(["resnet18-224px-tf32", "resnet18-32px-tf32"], choice.LeftOut.Select(offer => offer.Workload.Name));
        Assert.Empty(Choose(gpu, 9, StandardWorkloads.All).LeftOut);
    }

    [Fact]
    public void Named_AreMeasured_AndWhatCannotBeIsRefused()
    {
        var named = Choose(cpu, null, [StandardWorkloads.Find("resnet18-224px-fp32")!]);

        Assert.Equal(["resnet18-224px-fp32"], Names(named));
        Assert.Empty(named.LeftOut);
        Assert.Equal(
            "--workload has resnet18-224px-tf32, and TF32 is arithmetic of NVIDIA GPUs. Leave it out; --list-workloads says what this device can do.",
            Assert.Throws<UserErrorException>(() => Choose(cpu, null, [StandardWorkloads.All[0], StandardWorkloads.All[1]])).Message);
    }

    [Fact]
    public void List_NamesEveryWorkload_ItsReason_AndWhatTheDeviceDoes_Within80Columns()
    {
        using var console = new TestConsole();
        WorkloadList.Write(console, WorkloadOffer.All(gpu, (7, 5)), "cuda:0");
        var text = string.Join(' ', console.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        Assert.All(StandardWorkloads.All, workload => Assert.Contains($"{workload.Name}: {WorkloadChoice.Text(workload)} {workload.Reason}", text, StringComparison.Ordinal));
        Assert.Equal(1, text.Split("By default.").Length - 1);
        Assert.Equal(1, text.Split("By default, where it fits into five minutes with those before it.").Length - 1);
        Assert.Contains("Not here: TF32 needs a GPU of compute capability 8.0 (Ampere) or newer; this GPU has 7.5.", text, StringComparison.Ordinal);
        Assert.All(console.Output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    [Fact]
    public void SettingsForAWorkload_HaveItsSizes_AndKeepHowItIsMeasured()
    {
        var workload = StandardWorkloads.Find("resnet18-224px-bf16")!;
        var settings = Published.Settings.For(workload);

        Assert.Equal((224, 64, 512, "bf16", "synthetic"), (settings.ResolutionPx, settings.BatchSize, settings.ImagesPerEpoch, settings.Precision, settings.DatasetLabel));
        Assert.Equal((Published.Settings.Policies, Published.Settings.Threads, Published.Settings.Kernels), (settings.Policies, settings.Threads, settings.Kernels));
    }
}
