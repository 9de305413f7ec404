using System.Runtime.CompilerServices;
using FreezeBench.Torch.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Optimizing;

/// <summary>
/// libtorch's multi-tensor operators (<c>torch._foreach_*</c>), which TorchSharp does not have: one call changes all tensors of a
/// list in place. On a GPU that is one kernel launch for many tensors, where their strides agree; on the CPU libtorch takes one
/// tensor after the other with the operator of its own, and the values are the same bits. Never run on a GPU.
/// </summary>
/// <remarks>
/// The exported C++ functions are called directly, and no C++ exception can pass the managed code between them and whoever would
/// catch it: libtorch's errors, which TorchSharp's own functions turn into exceptions, end the process here. So what a caller can
/// get wrong is checked before the call, or named at the method; of memory nothing is asked, since all work in place. What is left
/// is a GPU that fails in the middle, whose process could not go on anyway.
/// </remarks>
internal sealed unsafe class ForeachOperators
{
    private static readonly Lazy<ForeachOperators?> exported = new(() => new ForeachOperators() is { IsComplete: true } all ? all : null);

    private readonly delegate* unmanaged[Cdecl]<TensorArray, nint, void> multiply =
        (delegate* unmanaged[Cdecl]<TensorArray, nint, void>)Find("_ZN2at4_ops20_foreach_mul__Scalar4callEN3c108ArrayRefINS_6TensorEEERKNS2_6ScalarE");

    private readonly delegate* unmanaged[Cdecl]<TensorArray, nint, void> divide =
        (delegate* unmanaged[Cdecl]<TensorArray, nint, void>)Find("_ZN2at4_ops20_foreach_div__Scalar4callEN3c108ArrayRefINS_6TensorEEERKNS2_6ScalarE");

    private readonly delegate* unmanaged[Cdecl]<TensorArray, nint, void> addNumber =
        (delegate* unmanaged[Cdecl]<TensorArray, nint, void>)Find("_ZN2at4_ops20_foreach_add__Scalar4callEN3c108ArrayRefINS_6TensorEEERKNS2_6ScalarE");

    private readonly delegate* unmanaged[Cdecl]<TensorArray, TensorArray, nint, void> add =
        (delegate* unmanaged[Cdecl]<TensorArray, TensorArray, nint, void>)Find("_ZN2at4_ops18_foreach_add__List4callEN3c108ArrayRefINS_6TensorEEES5_RKNS2_6ScalarE");

    private readonly delegate* unmanaged[Cdecl]<TensorArray, TensorArray, TensorArray, nint, void> addProduct =
        (delegate* unmanaged[Cdecl]<TensorArray, TensorArray, TensorArray, nint, void>)Find("_ZN2at4_ops24_foreach_addcmul__Scalar4callEN3c108ArrayRefINS_6TensorEEES5_S5_RKNS2_6ScalarE");

    private readonly delegate* unmanaged[Cdecl]<TensorArray, TensorArray, TensorArray, nint, void> addQuotient =
        (delegate* unmanaged[Cdecl]<TensorArray, TensorArray, TensorArray, nint, void>)Find("_ZN2at4_ops24_foreach_addcdiv__Scalar4callEN3c108ArrayRefINS_6TensorEEES5_S5_RKNS2_6ScalarE");

    private readonly delegate* unmanaged[Cdecl]<TensorArray, TensorArray, byte, void> copy =
        (delegate* unmanaged[Cdecl]<TensorArray, TensorArray, byte, void>)Find("_ZN2at4_ops14_foreach_copy_4callEN3c108ArrayRefINS_6TensorEEES5_b");

    private readonly delegate* unmanaged[Cdecl]<TensorArray, void> squareRoot =
        (delegate* unmanaged[Cdecl]<TensorArray, void>)Find("_ZN2at4_ops14_foreach_sqrt_4callEN3c108ArrayRefINS_6TensorEEE");

    private ForeachOperators()
    {
    }

    /// <summary>The operators; null where this libtorch does not export every one of them, as on Windows, whose names are others.</summary>
    internal static ForeachOperators? Exported => exported.Value;

    /// <summary>Runs each operator once, on one element.</summary>
    /// <remarks>
    /// CUDA loads a kernel into the GPU's memory at its first launch. Where a batch has filled that memory, the launch fails, and
    /// through these functions the process would end instead of a smaller batch being tried: so it is to happen before.
    /// </remarks>
    /// <param name="like">Of the type and device of the tensors to come.</param>
    internal void Prepare(Tensor like)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (one, other) = (new TensorList([ones(1, like.dtype, like.device)]), new TensorList([ones(1, like.dtype, like.device)]));
        Multiply(one, 1);
        Divide(one, 1);
        Add(one, 1);
        Add(one, other, 1);
        AddProduct(one, other, other, 1);
        AddQuotient(one, other, other, 1);
        Copy(one, other);
        SquareRoot(one);
    }

    /// <summary>Multiplies every element with a number.</summary>
    internal void Multiply(TensorList own, double factor) => WithNumber(multiply, own, factor);

    /// <summary>Divides every element by a number.</summary>
    internal void Divide(TensorList own, double divisor) => WithNumber(divide, own, divisor);

    /// <summary>Adds a number to every element.</summary>
    internal void Add(TensorList own, double number) => WithNumber(addNumber, own, number);

    /// <summary>own += alpha * other.</summary>
    /// <param name="own">Changed.</param>
    /// <param name="other">As many, each of the shape, type and device of its counterpart.</param>
    /// <param name="alpha">The same for all.</param>
    internal void Add(TensorList own, TensorList other, double alpha)
    {
        if (!HasWork(own, other))
            return;
        using Scalar factor = alpha;
        fixed (nint* owned = own.Pointers, others = other.Pointers)
            add(new(owned, own.Count), new(others, other.Count), HandleOf(factor));
        GC.KeepAlive(own);
        GC.KeepAlive(other);
    }

    /// <summary>own += value * left * right.</summary>
    /// <inheritdoc cref="AddQuotient"/>
    internal void AddProduct(TensorList own, TensorList left, TensorList right, double value) => WithTwo(addProduct, own, left, right, value);

    /// <summary>own += value * left / right.</summary>
    /// <param name="own">Changed.</param>
    /// <param name="left">As many, each of the shape, type and device of its counterpart.</param>
    /// <param name="right">Likewise.</param>
    /// <param name="value">The same for all.</param>
    internal void AddQuotient(TensorList own, TensorList left, TensorList right, double value) => WithTwo(addQuotient, own, left, right, value);

    /// <summary>own = other.</summary>
    /// <param name="own">Changed.</param>
    /// <param name="other">As many, each of the shape, type and device of its counterpart.</param>
    internal void Copy(TensorList own, TensorList other)
    {
        if (!HasWork(own, other))
            return;
        fixed (nint* owned = own.Pointers, others = other.Pointers)
            copy(new(owned, own.Count), new(others, other.Count), 0);
        GC.KeepAlive(own);
        GC.KeepAlive(other);
    }

    /// <summary>The square root of every element.</summary>
    internal void SquareRoot(TensorList own)
    {
        if (!HasWork(own))
            return;
        fixed (nint* owned = own.Pointers)
            squareRoot(new(owned, own.Count));
        GC.KeepAlive(own);
    }

    private bool IsComplete =>
        multiply != null && divide != null && addNumber != null && add != null && addProduct != null && addQuotient != null && copy != null && squareRoot != null;

    private static nint Find(string name) => ExportedSymbol.TryFind(name).GetValueOrDefault();

    // The address of a c10::Scalar, which TorchSharp keeps to itself.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Handle")]
    private static extern nint HandleOf(Scalar number);

    private static void WithNumber(delegate* unmanaged[Cdecl]<TensorArray, nint, void> function, TensorList own, double number)
    {
        if (!HasWork(own))
            return;
        using Scalar value = number;
        fixed (nint* owned = own.Pointers)
            function(new(owned, own.Count), HandleOf(value));
        GC.KeepAlive(own);
    }

    private static void WithTwo(
        delegate* unmanaged[Cdecl]<TensorArray, TensorArray, TensorArray, nint, void> function, TensorList own, TensorList left, TensorList right, double number)
    {
        if (!HasWork(own, left, right))
            return;
        using Scalar value = number;
        fixed (nint* owned = own.Pointers, lefts = left.Pointers, rights = right.Pointers)
            function(new(owned, own.Count), new(lefts, left.Count), new(rights, right.Count), HandleOf(value));
        GC.KeepAlive(own);
        GC.KeepAlive(left);
        GC.KeepAlive(right);
    }

    // What libtorch would throw at: autograd over a leaf that is written to, lists of unlike lengths, an empty one.
    private static bool HasWork(TensorList own, params ReadOnlySpan<TensorList> others)
    {
        if (is_grad_enabled())
            throw new InvalidOperationException("Lists of tensors are changed in place, which autograd does not allow: enter no_grad() first.");
        foreach (var other in others)
            if (other.Count != own.Count)
                throw new ArgumentException($"A list has {other.Count} tensors, and the one that it is to change has {own.Count}.", nameof(others));
        return own.Count > 0;
    }

    /// <summary>A <c>c10::ArrayRef</c> of tensors: 16 bytes that are copied as they are, and so go where the platform's C compiler passes such a structure.</summary>
    private readonly struct TensorArray(nint* data, nint length)
    {
        public readonly nint* Data = data;
        public readonly nint Length = length;
    }
}
