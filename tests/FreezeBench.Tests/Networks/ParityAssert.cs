using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks;

/// <summary>Closeness to PyTorch's numbers, with the reason of each tolerance.</summary>
internal static class ParityAssert
{
    /// <summary>Relative to the largest logit: float32 sums of some thousand terms in another order, through 50 layers.</summary>
    internal const double Forward = 1e-4;

    /// <summary>Relative: what the steps of a trajectory may add up to in float32; single steps are far below.</summary>
    internal const double Training = 1e-3;

    /// <summary>Relative to the largest value: what float32 rounds in one convolution or its gradients is some 1e-6.</summary>
    internal const double Convolution = 1e-5;

    /// <summary>A convolution, or one of its gradients, is that of float64 but for rounding.</summary>
    internal static void Exact(Tensor exact, Tensor actual)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(exact.shape, actual.shape);
        Assert.InRange(((actual.to(ScalarType.Float64) - exact).abs().max() / exact.abs().max()).item<double>(), 0, Convolution);
    }

    internal static void Logits(double[][] expected, Tensor actual, double tolerance)
    {
        using var scope = NewDisposeScope();
        var flat = expected.SelectMany(row => row).ToArray();
        var found = actual.detach().to(ScalarType.Float64).flatten().contiguous().data<double>().ToArray();
        Assert.Equal(flat.Length, found.Length);
        var largest = flat.Max(Math.Abs);
        var error = flat.Zip(found, (e, a) => Math.Abs(e - a)).Max() / largest;
        TestContext.Current.SendDiagnosticMessage("logits: relative error {0:E1}", error);
        Assert.True(error <= tolerance, $"Logits differ by {error:E2} of the largest; allowed is {tolerance:E0}.");
    }

    /// <summary>
    /// Folding BatchNorm into the convolutions changes nothing but the rounding, so the tolerance is that of
    /// <see cref="Forward"/>, relative to the largest output.
    /// </summary>
    internal static void Folded(Tensor expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        var error = (actual.detach() - expected.detach()).abs().max().item<float>() / expected.detach().abs().max().item<float>();
        TestContext.Current.SendDiagnosticMessage("folded: relative error {0:E1}", error);
        Assert.True(error <= Forward, $"The folded output differs by {error:E2} of the largest; allowed is {Forward:E0}.");
    }

    internal static void Losses(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        var error = expected.Zip(actual, (e, a) => Math.Abs(e - a) / Math.Abs(e)).Max();
        TestContext.Current.SendDiagnosticMessage("losses: relative error {0:E1}", error);
        Assert.Equal(expected.Count, actual.Count);
        Assert.True(error <= Training, $"Losses differ by {error:E2}: {string.Join(", ", actual)}.");
    }

    /// <summary>
    /// Norms by name. Relative to the norm itself, but not below a thousandth of the norm of all together: the gradient of
    /// a bias whose effect the next BatchNorm removes is 0 plus rounding errors.
    /// </summary>
    internal static void Norms(IReadOnlyDictionary<string, double> expected, IReadOnlyDictionary<string, double> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        var floor = 1e-3 * Math.Sqrt(expected.Values.Sum(norm => norm * norm));
        var (name, error) = expected
            .Select(norm => (norm.Key, Error: Math.Abs(norm.Value - actual[norm.Key]) / Math.Max(norm.Value, floor)))
            .MaxBy(norm => norm.Error);
        TestContext.Current.SendDiagnosticMessage("norms: relative error {0:E1} ({1})", error, name);
        Assert.True(error <= Training, $"The norm of {name} is {actual[name]}, not {expected[name]}: {error:E2} off.");
    }

    internal static double Norm(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.detach().to(ScalarType.Float64).norm().item<double>();
    }
}
