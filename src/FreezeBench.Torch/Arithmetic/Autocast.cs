using FreezeBench.Torch.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Torch.Arithmetic;

/// <summary>
/// A stretch of code in which libtorch runs convolutions and matrix products in a 16-bit type and keeps what needs the range,
/// as the loss does, in float32: PyTorch's <c>torch.autocast</c>, which TorchSharp does not have.
/// </summary>
/// <remarks>
/// It holds for the thread that enters, and is left on the same one. What was in force before is in force again afterwards,
/// also where an exception leads out. In one of them libtorch casts a weight that trains once and keeps the cast until the
/// outermost is left; a pass without a graph and one with a graph must therefore not share one, since the second would get a
/// cast without a gradient. <see cref="Enter"/> again for each.
/// </remarks>
public sealed unsafe class Autocast : IDisposable
{
    private static readonly Lazy<Functions> functions = new(() => new());

    private readonly int thread = Environment.CurrentManagedThreadId;
    private readonly DeviceType device;
    private readonly byte wasEnabled;
    private readonly sbyte wasType;
    private bool left;

    private Autocast(DeviceType device, ScalarType type)
    {
        var native = functions.Value;
        this.device = device;
        (wasEnabled, wasType) = (native.IsEnabled((sbyte)device), native.TypeOf((sbyte)device));
        native.SetType((sbyte)device, (sbyte)type);
        native.SetEnabled((sbyte)device, 1);
        native.Increment();
    }

    /// <summary>Begins a stretch.</summary>
    /// <param name="device">Of the tensors.</param>
    /// <param name="type">bfloat16 or float16.</param>
    /// <returns>Dispose it where the stretch ends, on the same thread.</returns>
    /// <exception cref="RefusedException">This libtorch does not export what is needed; nothing was changed then.</exception>
    public static Autocast Enter(DeviceType device, ScalarType type) =>
        type is ScalarType.BFloat16 or ScalarType.Float16
            ? new Autocast(device, type)
            : throw new ArgumentOutOfRangeException(nameof(type), type, "Autocast computes in bfloat16 or float16.");

    /// <summary>The type that is in force on this thread for a device; null: none, as libtorch itself says.</summary>
    /// <exception cref="RefusedException">This libtorch does not export what is needed.</exception>
    public static ScalarType? InForce(DeviceType device) =>
        functions.Value.IsEnabled((sbyte)device) == 0 ? null : (ScalarType)functions.Value.TypeOf((sbyte)device);

    /// <summary>Ends the stretch.</summary>
    /// <exception cref="InvalidOperationException">It was entered on another thread, whose state this one cannot set.</exception>
    public void Dispose()
    {
        if (left)
            return;
        if (thread != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("Autocast was entered on another thread.");
        left = true;
        var native = functions.Value;
        // In the order of torch.autocast. The casts go with the outermost: the weights may change next.
        if (native.Decrement() == 0)
            native.ClearCache();
        native.SetEnabled((sbyte)device, wasEnabled);
        native.SetType((sbyte)device, wasType);
    }

    // All are looked up before one is called: a half-set state would be worse than none.
    private sealed class Functions
    {
        public readonly delegate* unmanaged[Cdecl]<sbyte, byte, void> SetEnabled = (delegate* unmanaged[Cdecl]<sbyte, byte, void>)Find("_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb");
        public readonly delegate* unmanaged[Cdecl]<sbyte, byte> IsEnabled = (delegate* unmanaged[Cdecl]<sbyte, byte>)Find("_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE");
        public readonly delegate* unmanaged[Cdecl]<sbyte, sbyte, void> SetType = (delegate* unmanaged[Cdecl]<sbyte, sbyte, void>)Find("_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE");
        public readonly delegate* unmanaged[Cdecl]<sbyte, sbyte> TypeOf = (delegate* unmanaged[Cdecl]<sbyte, sbyte>)Find("_ZN2at8autocast18get_autocast_dtypeEN3c1010DeviceTypeE");
        public readonly delegate* unmanaged[Cdecl]<int> Increment = (delegate* unmanaged[Cdecl]<int>)Find("_ZN2at8autocast17increment_nestingEv");
        public readonly delegate* unmanaged[Cdecl]<int> Decrement = (delegate* unmanaged[Cdecl]<int>)Find("_ZN2at8autocast17decrement_nestingEv");
        public readonly delegate* unmanaged[Cdecl]<void> ClearCache = (delegate* unmanaged[Cdecl]<void>)Find("_ZN2at8autocast11clear_cacheEv");

        private static nint Find(string name) => ExportedSymbol.Find(name, "‹The precision› bf16 or fp16", $"Pass ‹the precision› {Precision.Fp32.Name}.");
    }
}
