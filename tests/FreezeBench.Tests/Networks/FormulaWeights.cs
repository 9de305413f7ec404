using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks;

/// <summary>
/// Weights from a formula instead of a file: the same bits in any language, so two frameworks can be shown to compute the
/// same. The twin of this file is Goldens/formula_weights.py in the tests; the two change together or not at all.
/// </summary>
/// <remarks>
/// Element i of the tensor named s is low + (high - low) * u(s, i), in double, rounded once to float32. u is the upper 53
/// bits of mix(h(s) + (i + 1) * 0x9E3779B97F4A7C15) as a fraction in [0, 1), where h is FNV-1a (64 bit) over the UTF-8 name
/// and mix the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
/// i counts in C order, whatever the memory format.
/// </remarks>
internal static class FormulaWeights
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>Overwrites every parameter and buffer of a module; <c>num_batches_tracked</c> becomes 0.</summary>
    /// <remarks>
    /// The bounds keep activations, losses and gradients moderate through 50 layers, in train and in eval mode.
    /// </remarks>
    /// <param name="module">float32, on any device, in any memory format; neither changes.</param>
    public static void Fill(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        Fill(module.state_dict());
    }

    /// <summary>Overwrites tensors by their names, those of adapters too: A by its shape as any weight, B with the zeros from which training starts.</summary>
    /// <param name="named">float32 or int64, with the names that they have in the state dict or as adapters.</param>
    public static void Fill(IEnumerable<KeyValuePair<string, Tensor>> named)
    {
        ArgumentNullException.ThrowIfNull(named);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target) in named)
        {
            if (target.dtype == ScalarType.Int64 || name.EndsWith(".lora_B", StringComparison.Ordinal))
            {
                target.zero_();
                continue;
            }
            var (low, high) = Bounds(name, target.shape);
            if (target.dtype == ScalarType.Float32 && target.device_type == TorchSharp.DeviceType.CPU && target.is_contiguous())
            {
                // Through no array, of which VGG's largest would be 400 MB. What is written past torch it does not count as a change: the zeros are one.
                target.zero_();
                Write(name, MemoryMarshal.Cast<byte, float>(target.bytes), low, high);
            }
            else
                target.copy_(tensor(Uniform(name, target.numel(), low, high), target.shape));
        }
    }

    /// <summary>The first numbers of a name, by the formula in the remarks; each lies in [low, high].</summary>
    /// <param name="name">A state-dict name, or any name for an input, for example "images".</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    public static float[] Uniform(string name, long count, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(name);
        var values = new float[count];
        Write(name, values, low, high);
        return values;
    }

    // Four at a time, and compiled well at once: goldens are of hundreds of millions of these, and the tests compile nothing anew.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(string name, Span<float> values, double low, double high)
    {
        const double Unit = 1.0 / (1L << 53);
        var state = Hash(name);
        var i = 0;
        var four = Vector256.Create(unchecked(state + Step), unchecked(state + (2 * Step)), unchecked(state + (3 * Step)), unchecked(state + (4 * Step)));
        for (; i <= values.Length - 4; i += 4)
        {
            var fraction = Vector256.ConvertToDouble(Mix(four) >> 11) * Unit;
            Vector256.Narrow(Vector256.Create(low) + (fraction * (high - low)), Vector256<double>.Zero).GetLower().CopyTo(values[i..]);
            four += Vector256.Create(unchecked(4 * Step));
        }
        for (; i < values.Length; i++)
        {
            var fraction = (Mix(unchecked(state + ((ulong)(i + 1) * Step))) >> 11) * Unit;
            values[i] = (float)(low + ((high - low) * fraction));
        }
    }

    /// <summary>Bounds by the role that name and shape tell.</summary>
    private static (double Low, double High) Bounds(string name, long[] shape)
    {
        // A convolution keeps the variance of ReLU outputs: bound sqrt(6 / fan_in) (He et al., 2015); the head, which
        // comes after a mean, has sqrt(1 / fan_in) so that logits and losses stay small.
        if (shape.Length == 4) return Symmetric(Math.Sqrt(6.0 / (shape[1] * shape[2] * shape[3])));
        if (shape.Length == 2) return Symmetric(Math.Sqrt(1.0 / shape[1]));
        // A class token or position embedding, beside tokens of about 1.
        if (shape.Length == 3) return Symmetric(0.5);
        return name[(name.LastIndexOf('.') + 1)..] switch
        {
            "running_mean" => Symmetric(0.1),
            "running_var" => (0.75, 1.25),
            // BatchNorm's bias above its scale: most ReLUs are active and stay so. At the usual 0 and 1 a rounding error
            // flips some in every step, and two correct programs drift apart by per cents within ten steps (seen with
            // ResNet-50, in PyTorch against itself).
            "bias" => (0.3, 0.7),
            "weight" => (0.2, 0.4),
            _ => throw new ArgumentException($"No formula for the state-dict entry '{name}'.", nameof(name)),
        };
    }

    private static (double Low, double High) Symmetric(double bound) => (-bound, bound);

    private static ulong Hash(string name)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
            hash = unchecked((hash ^ octet) * 0x100000001B3UL);
        return hash;
    }

    private static Vector256<ulong> Mix(Vector256<ulong> value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
