using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Torch.Arithmetic;

/// <summary>
/// Arithmetic of a network: a closed list, each named once for options, rows and docs. Weights, gradients and the optimizer are
/// float32 in all of them; they differ in what convolutions and matrix products compute in.
/// </summary>
public sealed record Precision
{
    /// <summary>float32 throughout, TF32 off.</summary>
    public static readonly Precision Fp32 = new("fp32");

    /// <summary>float32 in memory; convolutions and matrix products round their inputs to TF32 (10 bits of mantissa, not 23).</summary>
    public static readonly Precision Tf32 = new("tf32") { AllowsTf32 = true };

    /// <summary>Autocast to bfloat16: the range of float32 with 7 bits of mantissa.</summary>
    public static readonly Precision Bf16 = new("bf16") { AutocastType = ScalarType.BFloat16 };

    /// <summary>Autocast to float16: 10 bits of mantissa and a small range, which is why the gradients are scaled.</summary>
    public static readonly Precision Fp16 = new("fp16") { AutocastType = ScalarType.Float16 };

    /// <summary>All, in the order of tables.</summary>
    public static IReadOnlyList<Precision> All { get; } = [Fp32, Tf32, Bf16, Fp16];

    /// <summary>The names, for help texts, the parser and its message.</summary>
    public static string ValidNames { get; } = string.Join(", ", All.Select(precision => precision.Name));

    /// <summary>What <see cref="DefaultFor"/> does, for help texts.</summary>
    public static string DefaultText { get; } = $"{Tf32.Name} on a GPU that has it (compute capability 8.0 and newer), where PyTorch's convolutions run in it unasked; else {Fp32.Name}";

    private Precision(string name) => Name = name;

    /// <summary>The name in options and rows.</summary>
    public string Name { get; }

    /// <summary>Whether libtorch may use TF32 for float32 convolutions and matrix products.</summary>
    public bool AllowsTf32 { get; private init; }

    /// <summary>What autocast computes in; null: no autocast.</summary>
    public ScalarType? AutocastType { get; private init; }

    /// <summary>Whether gradients would vanish or overflow without a scale on the loss.</summary>
    public bool ScalesGradients => AutocastType == ScalarType.Float16;

    /// <summary>Finds one by its exact name.</summary>
    /// <exception cref="RefusedException">The name is none of <see cref="ValidNames"/>.</exception>
    public static Precision Parse(string name) => All.FirstOrDefault(precision => precision.Name == name)
        ?? throw new RefusedException($"Unknown precision '{name}'. Valid values: {ValidNames}.");

    /// <summary>
    /// What a run computes in where nobody says. On a GPU it is what PyTorch's users have there: its convolutions use TF32 by
    /// default, and they are all but the head's share of a ResNet's work. Elsewhere, and where the GPU is unknown, float32.
    /// </summary>
    /// <param name="device">Of the run.</param>
    /// <param name="computeCapability">Of a CUDA device; null: unknown.</param>
    public static Precision DefaultFor(DeviceType device, (int Major, int Minor)? computeCapability) =>
        device == DeviceType.CUDA && computeCapability is { Major: >= 8 } ? Tf32 : Fp32;

    /// <summary>Begins a stretch of a forward pass in this arithmetic; null where float32 code needs nothing for it.</summary>
    /// <param name="device">Of the tensors.</param>
    public Autocast? Enter(DeviceType device) => AutocastType is { } type ? Autocast.Enter(device, type) : null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
