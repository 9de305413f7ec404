using FreezeBench.Images.Sets;
using Xunit;

namespace FreezeBench.Tests.Images.Sets;

/// <summary>Memory that a device may still be reading is not written to: looked at with a device that only counts who waits for it.</summary>
public class BufferRingTests
{
    private readonly List<Buffer> made = [];
    private int waits;

    [Fact]
    public void ABufferThatWasCopiedFrom_IsNotTakenAgain_BeforeTheDeviceWasWaitedFor()
    {
        using var ring = Ring(most: 3);
        List<Buffer> order = [];
        for (var batch = 0; batch < 9; batch++)
        {
            var buffer = ring.Take();
            Assert.False(buffer.IsRead, $"Batch {batch} writes to memory that is being read.");
            order.Add(buffer);
            buffer.IsRead = true;
            ring.Return(buffer, isCopied: true);
        }
        Assert.Equal(3, made.Count);
        // One wait for as many batches as there are buffers, and none before all of them were used.
        Assert.Equal(2, waits);
        Assert.Equal(order.Take(3).ToHashSet(), made.ToHashSet());
    }

    [Fact]
    public void ABufferThatIsDone_IsTakenAgainAtOnce()
    {
        using var ring = Ring(most: 3);
        for (var batch = 0; batch < 9; batch++)
            ring.Return(ring.Take(), isCopied: false);
        Assert.Equal((1, 0), (made.Count, waits));
    }

    [Fact]
    public void ABufferThatIsTaken_StaysWithWhoHasIt_WhateverOthersDo()
    {
        using var ring = Ring(most: 3);
        var held = ring.Take();
        for (var batch = 0; batch < 7; batch++)
        {
            var buffer = ring.Take();
            Assert.NotSame(held, buffer);
            ring.Return(buffer, isCopied: true);
        }
        Assert.Equal(3, waits);
        ring.Return(held, isCopied: false);
        Assert.Same(held, ring.Take());
    }

    [Fact]
    public void MoreThanThereAre_AndGivingBackTwice_AreTheCallersMistakes()
    {
        using var ring = Ring(most: 2);
        var first = ring.Take();
        ring.Take();
        Assert.Equal("All 2 buffers are taken.", Assert.Throws<InvalidOperationException>(ring.Take).Message);
        ring.Return(first, isCopied: false);
        Assert.Throws<ArgumentException>("buffer", () => ring.Return(first, isCopied: false));
    }

    [Fact]
    public void Clear_WaitsForTheDevice_AndDisposesWhatIsNotTaken()
    {
        using var ring = Ring(most: 3);
        Buffer free = ring.Take(), resting = ring.Take(), taken = ring.Take();
        ring.Return(free, isCopied: false);
        resting.IsRead = true;
        ring.Return(resting, isCopied: true);
        ring.Clear();
        Assert.Equal((1, 1), (waits, ring.Count));
        Assert.Equal([true, true, false], new[] { free, resting, taken }.Select(buffer => buffer.IsDisposed));
        ring.Clear();
        Assert.Equal(1, waits);
        ring.Dispose();
        Assert.True(taken.IsDisposed);
    }

    private BufferRing<Buffer> Ring(int most) => new(
        () =>
        {
            made.Add(new Buffer());
            return made[^1];
        },
        most,
        () =>
        {
            waits++;
            made.ForEach(buffer => buffer.IsRead = false);
        });

    private sealed class Buffer : IDisposable
    {
        /// <summary>A copy from it is under way.</summary>
        internal bool IsRead { get; set; }

        internal bool IsDisposed { get; private set; }

        public void Dispose()
        {
            Assert.False(IsRead, "Memory that is being read was given back to the system.");
            IsDisposed = true;
        }
    }
}
