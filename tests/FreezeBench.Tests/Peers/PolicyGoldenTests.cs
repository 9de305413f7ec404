using System.Text.Json;
using System.Text.Json.Serialization;
using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Residual;
using FreezeBench.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Peers;

/// <summary>Six steps, two epochs, under every policy are PyTorch's, with plain kernels and with fast ones: Goldens/make_policy_goldens.py.</summary>
public sealed class PolicyGoldenTests
{
    // Relative. Both libraries round float32 sums in orders of their own: 2e-6 is the largest difference that was seen. The policies nearest
    // to each other, bias-only and frozen-train-bn, differ by 1.2e-4.
    private const double Tolerance = 1e-5;

    private static readonly PolicyGoldens goldens = Read();

    public static TheoryData<string, string, string, string> Cases =>
        [.. from golden in goldens.Cases
            from kernels in KernelSet.All
            // Both formats with the networks whose steps are short.
            from format in kernels == KernelSet.Plain ? [MemoryFormat.Contiguous] : golden.Network == "mobilenet_v3_small" ? [MemoryFormat.ChannelsLast] : MemoryFormat.All
            select (golden.Network, golden.Policy, kernels.Name, format.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void SixSteps_AreThoseOfPyTorch(string network, string policy, string kernels, string format)
    {
        using var scope = NewDisposeScope();
        var golden = goldens.Cases.Single(golden => golden.Network == network && golden.Policy == policy);
        var definition = network switch { "thin" => Thin.Definition(), "thin_bottleneck" => Thin.Definition(BlockKind.Bottleneck), _ => NetworkCatalog.Parse(network) };
        using var training = new TwinTraining(definition, FreezingPolicy.Parse(policy), goldens.Settings.Size, MemoryFormat.Parse(format), KernelSet.Parse(kernels), imagesPerEpoch: goldens.Settings.Images);

        var losses = training.Losses(golden.Losses.Length);

        var error = golden.Losses.Zip(losses, (theirs, ours) => Math.Abs(theirs - ours) / theirs).Max();
        TestContext.Current.SendDiagnosticMessage("{0} {1} {2} {3}: relative error {4:E1}", network, policy, kernels, format, error);
        Assert.True(error <= Tolerance, $"Losses differ by {error:E2}: {string.Join(", ", losses)}.");
        ParityAssert.Logits(golden.EvalLogits, training.EvalLogits(golden.EvalLogits.Length), Tolerance);
    }

    [Fact]
    public void Goldens_AreOfEveryPolicy_AndOfThisTraining()
    {
        Assert.Equal(TwinTraining.BatchSize, goldens.Settings.Batch);
        Assert.All(goldens.Cases, golden => Assert.Equal(2 * goldens.Settings.Images / goldens.Settings.Batch, golden.Losses.Length));
        Assert.All(FreezingPolicy.All, policy => Assert.Contains(goldens.Cases, golden => golden.Network == "thin" && golden.Policy == policy.Name));
    }

    private static PolicyGoldens Read()
    {
        using var stream = typeof(PolicyGoldenTests).Assembly.GetManifestResourceStream("policy_goldens.json")!;
        return JsonSerializer.Deserialize<PolicyGoldens>(stream)!;
    }

    private sealed record PolicyGoldens([property: JsonPropertyName("settings")] PolicySettings Settings, [property: JsonPropertyName("cases")] PolicyGolden[] Cases);

    private sealed record PolicySettings(
        [property: JsonPropertyName("batch")] int Batch, [property: JsonPropertyName("images")] int Images, [property: JsonPropertyName("size")] int Size);

    private sealed record PolicyGolden(
        [property: JsonPropertyName("network")] string Network,
        [property: JsonPropertyName("policy")] string Policy,
        [property: JsonPropertyName("losses")] double[] Losses,
        [property: JsonPropertyName("eval_logits")] double[][] EvalLogits);
}
