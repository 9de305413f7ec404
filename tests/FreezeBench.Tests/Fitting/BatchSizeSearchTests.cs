using System.Runtime.InteropServices;
using FreezeBench.Fitting;
using Xunit;

namespace FreezeBench.Tests.Fitting;

public class BatchSizeSearchTests
{
    private readonly List<int> attempts = [];
    private int released;

    [Theory]
    [InlineData(512, 64, new[] { 512, 256, 128, 64 })]
    [InlineData(100, 20, new[] { 100, 50, 25, 12 })]
    [InlineData(7, 1, new[] { 7, 3, 1 })]
    [InlineData(512, 512, new[] { 512 })]
    [InlineData(1, 1, new[] { 1 })]
    public void Size_IsHalvedUntilItFits(int asked, int limit, int[] tried)
    {
        Assert.Equal(tried[^1], Find(asked, limit));
        Assert.Equal(tried, attempts);
        // Each failure is cleared away before the next attempt.
        Assert.Equal(tried.Length - 1, released);
    }

    [Fact]
    public void NotEvenOne_IsTheFailureItself()
    {
        var failure = Assert.Throws<ExternalException>(() => Find(4, limit: 0));

        Assert.Equal(LibtorchFailure.OutOfMemory, failure.Message);
        Assert.Equal([4, 2, 1], attempts);
    }

    [Theory]
    [InlineData("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED")]
    [InlineData("GET was unable to find an engine to execute this computation")]
    public void WhatCudnnSays_IsWorthTheHalf(string words)
    {
        Assert.Equal(2, BatchSizeSearch.Find(8, _ => true, size => _ = size > 2 ? throw LibtorchFailure.Of(words) : size, () => released++));
        Assert.Equal(2, released);
    }

    [Fact]
    public void AnotherFailure_IsNotTakenForAFullMemory()
    {
        Assert.Throws<ExternalException>(() => BatchSizeSearch.Find(8, _ => true, _ => throw LibtorchFailure.Of("mat1 and mat2 shapes cannot be multiplied"), () => released++));
        Assert.Throws<InvalidOperationException>(() => BatchSizeSearch.Find(8, _ => true, _ => throw new InvalidOperationException("out of memory"), () => released++));
        Assert.Equal(0, released);
    }

    [Fact]
    public void WhatCannotFit_IsNotTried_ButOneAlwaysIs()
    {
        Assert.Equal(4, Find(32, limit: 100, mayFit: size => size <= 4));
        Assert.Equal([4], attempts);
        attempts.Clear();

        Assert.Equal(1, Find(32, limit: 100, mayFit: _ => false));
        Assert.Equal([1], attempts);
    }

    private int Find(int asked, int limit, Func<int, bool>? mayFit = null)
    {
        void Attempt(int size)
        {
            attempts.Add(size);
            if (size > limit)
                throw LibtorchFailure.Of();
        }
        return BatchSizeSearch.Find(asked, mayFit ?? (_ => true), Attempt, () => released++);
    }
}
