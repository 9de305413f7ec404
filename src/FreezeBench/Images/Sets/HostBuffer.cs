using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>Host memory for a batch on its way to the device: pinned where that is a GPU, so that nobody waits for the copy.</summary>
internal sealed class HostBuffer : IDisposable
{
    // Batches whose copies may be under way before the device is waited for: one wait in so many steps costs little, and each is the memory of a batch.
    private const int Spare = 4;

    private readonly Tensor memory;
    private readonly Device device;
    private readonly long rowFloats;
    private readonly nint address;

    private HostBuffer(long[] shape, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        var plain = empty(shape, type, CPU);
        this.device = device;
        // Copies from memory that the system may move go through a buffer of the driver, and the host waits for them.
        memory = (Copies(device) ? plain.pin_memory() : plain).DetachFromDisposeScope();
        rowFloats = type == ScalarType.Float32 ? shape.Skip(1).Aggregate(1L, (product, size) => product * size) : 0;
        unsafe
        {
            // Through one element: a span over all of them ends at 2 GB.
            address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory.view(-1).narrow(0, 0, 1).bytes));
        }
    }

    /// <summary>Whether a copy from one of these was issued that may not be done.</summary>
    internal bool IsCopied { get; private set; }

    /// <summary>Buffers for the batches to a device.</summary>
    /// <param name="shape">Of the largest batch; the first dimension is the image's place in it.</param>
    /// <param name="type">Of an element.</param>
    /// <param name="device">Where the batches go.</param>
    /// <param name="atOnce">Buffers that the caller needs at the same time.</param>
    internal static BufferRing<HostBuffer> Ring(long[] shape, ScalarType type, Device device, int atOnce) => new(
        () => new HostBuffer(shape, type, device), Copies(device) ? atOnce + Spare : atOnce, new DeviceClock(device).Synchronise);

    /// <summary>The memory of one image of a float32 buffer; on any thread, while the buffer is taken.</summary>
    internal unsafe Span<float> Row(int index) => new((float*)address + (index * rowFloats), checked((int)rowFloats));

    /// <summary>The first rows as a tensor that shares this memory; lives in the caller's scope.</summary>
    internal Tensor Rows(long count) => memory.narrow(0, 0, count);

    /// <summary>The first rows on the device: on a GPU the copy is issued and in order with all work issued after it, not done.</summary>
    /// <returns>In the caller's scope. On the CPU it shares this memory: use it up before the buffer is given back.</returns>
    internal Tensor ToDevice(long count)
    {
        IsCopied = Copies(device);
        return IsCopied ? Rows(count).to(device, non_blocking: true) : Rows(count);
    }

    /// <summary>Gives it back to where it came from.</summary>
    internal void ReturnTo(BufferRing<HostBuffer> ring)
    {
        ring.Return(this, IsCopied);
        IsCopied = false;
    }

    public void Dispose() => memory.Dispose();

    private static bool Copies(Device device) => device.type == DeviceType.CUDA;
}
