using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>
/// The optimizers' formulas for many parameters in one call. TorchSharp offers neither libtorch's functions for lists of
/// tensors nor a cheap way to cut a tensor into pieces; TorchScript has both.
/// </summary>
/// <remarks>
/// <para>On the CPU an update is bound by memory: each operation of the formula passes over the whole parameter. Here they run
/// on one piece after the other, so that all but the first find their operands in the cache. Elsewhere an operation takes all
/// parameters at once, which is one launch on a GPU instead of one for each parameter.</para>
/// <para>Both give the bits of the plain operations, one parameter after the other: each number is computed from its own
/// operands alone, by the same operations in the same order.</para>
/// </remarks>
internal static class UpdateScript
{
    // What libtorch gives to a thread at least (at::internal::GRAIN_SIZE): three pieces of it, of parameter, gradient and
    // momentum, are 384 kB and fit a core's second-level cache. Halves and doubles of it were no faster.
    private const int NumbersPerThread = 32768;

    private static readonly Lazy<jit.CompilationUnit> script = new(() => jit.compile("""
        def is_flat(p, a, b):
            dense = p.is_contiguous() or (p.dim() == 4 and p.permute(0, 2, 3, 1).is_contiguous())
            return dense and p.stride() == a.stride() and p.stride() == b.stride()

        def piece(t, start: int, length: int):
            return t.as_strided([length], [1], t.storage_offset() + start)

        def sgd_update(p, g, b, rate: float, momentum: float, decay: float):
            if decay != 0.0:
                g.add_(p, alpha=decay)
            b.mul_(momentum).add_(g)
            p.add_(b, alpha=-rate)

        def sgd(ps: List[Tensor], gs: List[Tensor], bs: List[Tensor], rate: float, momentum: float, decay: float, size: int):
            for i in range(len(ps)):
                p = ps[i]
                g = gs[i]
                b = bs[i]
                n = p.numel()
                if n <= size or not is_flat(p, g, b):
                    sgd_update(p, g, b, rate, momentum, decay)
                else:
                    for start in range(0, n, size):
                        m = min(size, n - start)
                        sgd_update(piece(p, start, m), piece(g, start, m), piece(b, start, m), rate, momentum, decay)

        def sgd_lists(ps: List[Tensor], gs: List[Tensor], bs: List[Tensor], rate: float, momentum: float, decay: float):
            if decay != 0.0:
                torch._foreach_add_(gs, ps, alpha=decay)
            torch._foreach_mul_(bs, momentum)
            torch._foreach_add_(bs, gs)
            torch._foreach_add_(ps, bs, alpha=-rate)

        def adamw_update(p, g, m, v, keep: float, beta1: float, beta2: float, root: float, epsilon: float, rate: float):
            p.mul_(keep)
            m.mul_(beta1).add_(g, alpha=1.0 - beta1)
            v.mul_(beta2).addcmul_(g, g, value=1.0 - beta2)
            p.addcdiv_(m, v.sqrt().div_(root).add_(epsilon), value=-rate)

        def adamw(ps: List[Tensor], gs: List[Tensor], ms: List[Tensor], vs: List[Tensor], keep: float, beta1: float, beta2: float, root: float, epsilon: float, rate: float, size: int):
            for i in range(len(ps)):
                p = ps[i]
                g = gs[i]
                m = ms[i]
                v = vs[i]
                n = p.numel()
                if n <= size or not (is_flat(p, g, m) and is_flat(p, g, v)):
                    adamw_update(p, g, m, v, keep, beta1, beta2, root, epsilon, rate)
                else:
                    for start in range(0, n, size):
                        k = min(size, n - start)
                        adamw_update(piece(p, start, k), piece(g, start, k), piece(m, start, k), piece(v, start, k), keep, beta1, beta2, root, epsilon, rate)

        def adamw_lists(ps: List[Tensor], gs: List[Tensor], ms: List[Tensor], vs: List[Tensor], keep: float, beta1: float, beta2: float, root: float, epsilon: float, rate: float):
            torch._foreach_mul_(ps, keep)
            torch._foreach_mul_(ms, beta1)
            torch._foreach_add_(ms, gs, alpha=1.0 - beta1)
            torch._foreach_mul_(vs, beta2)
            torch._foreach_addcmul_(vs, gs, gs, 1.0 - beta2)
            ds = torch._foreach_sqrt(vs)
            torch._foreach_div_(ds, root)
            torch._foreach_add_(ds, epsilon)
            torch._foreach_addcdiv_(ps, ms, ds, -rate)

        """));

    /// <summary>Numbers of a parameter in a piece: as many as all threads take at once.</summary>
    internal static long PieceSize => (long)NumbersPerThread * get_num_threads();

    /// <summary>g += decay * w, unless decay is 0; v = momentum * v + g; w -= rate * v.</summary>
    /// <param name="inPieces">As <see cref="Pieces"/> says; tests say otherwise.</param>
    internal static void Sgd(Tensor[] parameters, Tensor[] gradients, Tensor[] buffers, double rate, double momentum, double decay, bool inPieces)
    {
        if (inPieces)
            script.Value.invoke("sgd", parameters, gradients, buffers, rate, momentum, decay, PieceSize);
        else
            script.Value.invoke("sgd_lists", parameters, gradients, buffers, rate, momentum, decay);
    }

    /// <summary>w *= keep; m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2; w -= rate * m / (sqrt(v) / root + epsilon).</summary>
    /// <param name="inPieces">As <see cref="Pieces"/> says; tests say otherwise.</param>
    internal static void AdamW(
        Tensor[] parameters, Tensor[] gradients, Tensor[] means, Tensor[] squares,
        double keep, double beta1, double beta2, double root, double epsilon, double rate, bool inPieces)
    {
        if (inPieces)
            script.Value.invoke("adamw", parameters, gradients, means, squares, keep, beta1, beta2, root, epsilon, rate, PieceSize);
        else
            script.Value.invoke("adamw_lists", parameters, gradients, means, squares, keep, beta1, beta2, root, epsilon, rate);
    }

    /// <summary>Whether a parameter's device wants pieces (the CPU) or lists.</summary>
    internal static bool Pieces(Tensor parameter) => parameter.device_type == DeviceType.CPU;
}
