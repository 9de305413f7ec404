using System.Runtime.InteropServices;
using FreezeBench.Kernels.Folding;
using FreezeBench.Kernels.Optimizing;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Optimizing;

/// <summary>On the CPU alone: that the calls arrive, not what a GPU makes of them.</summary>
public sealed class ForeachOperatorsTests : IDisposable
{
    private static readonly ForeachOperators operators = ForeachOperators.Exported!;

    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly IDisposable noGrad = no_grad();

    public void Dispose()
    {
        noGrad.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void TheyAreThere_WhereTheReadmeSaysSo() => Assert.Equal(!OperatingSystem.IsWindows(), ForeachOperators.Exported is not null);

    [Fact]
    public void EachOperator_ChangesEveryTensorOfTheList()
    {
        // Every value is exact in float32.
        AssertBecomes([6f, 12f, 24f], (own, _, _) => operators.Multiply(own, 3));
        AssertBecomes([1f, 2f, 4f], (own, _, _) => operators.Divide(own, 2));
        AssertBecomes([2.5f, 4.5f, 8.5f], (own, _, _) => operators.Add(own, 0.5));
        AssertBecomes([2f - 4, 4f - 8, 8f - 12], (own, other, _) => operators.Add(own, other, -2));
        AssertBecomes([2f + (2 * 2 * 4), 4f + (2 * 4 * 8), 8f + (2 * 6 * 16)], (own, left, right) => operators.AddProduct(own, left, right, 2));
        AssertBecomes([2f - (8 * 0.5f), 4f - (8 * 0.5f), 8f - (8 * 0.375f)], (own, left, right) => operators.AddQuotient(own, left, right, -8));
        AssertBecomes([2f, 4f, 6f], (own, other, _) => operators.Copy(own, other));
        AssertBecomes([MathF.Sqrt(2), 2f, MathF.Sqrt(8)], (own, _, _) => operators.SquareRoot(own));
    }

    [Fact]
    public void Writes_AreCountedForAutograd()
    {
        Tensor[] tensors = [ones(3), ones(2, 2)];
        foreach (var tensor in tensors)
        {
            var versions = new TensorVersions([tensor]);
            operators.Multiply(new(tensors), 2);
            Assert.False(versions.Unchanged);
        }
    }

    [Fact]
    public void EmptyLists_AreNoWork()
    {
        var none = new TensorList([]);
        operators.Multiply(none, 2);
        operators.Add(none, none, 2);
        operators.AddProduct(none, none, none, 2);
        operators.Copy(none, none);
        operators.SquareRoot(none);
    }

    [Fact]
    public void WhatLibtorchWouldEndTheProcessFor_IsRefused()
    {
        var (one, two) = (new TensorList([ones(3)]), new TensorList([ones(3), ones(3)]));
        Assert.Throws<ArgumentException>(() => operators.Add(one, two, 1));
        Assert.Throws<ArgumentException>(() => operators.Copy(two, one));
        Assert.Throws<ArgumentException>(() => operators.AddProduct(two, two, one, 1));
        Assert.Throws<ArgumentException>(() => operators.AddQuotient(two, one, two, 1));
        using var grad = enable_grad();
        Assert.Throws<InvalidOperationException>(() => operators.Multiply(one, 1));
    }

    [Fact]
    public void Preparation_LeavesNothing()
    {
        var like = ones(4);
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        operators.Prepare(like);
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    // 2, 4, 8 beside 2, 4, 6 and 4, 8, 16, each a tensor of its own with other strides and a size that is no multiple of a vector's.
    private static void AssertBecomes(float[] expected, Action<TensorList, TensorList, TensorList> change)
    {
        var own = Tensors(2, 4, 8);
        change(new(own), new(Tensors(2, 4, 6)), new(Tensors(4, 8, 16)));
        foreach (var (tensor, value) in own.Zip(expected))
            Assert.All(MemoryMarshal.Cast<byte, float>(tensor.contiguous().bytes).ToArray(), found => Assert.Equal(value, found));
    }

    private static Tensor[] Tensors(float first, float second, float third) => [full([], first), full([3, 5], second).t(), full([2, 3, 3, 3], third)];
}
