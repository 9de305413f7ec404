using FreezeBench.Torch.Loading;

namespace FreezeBench.Torch.Arithmetic;

/// <summary>
/// Makes libtorch choose algorithms that give the same bits in every run. TorchSharp has no function for it, so exported C++
/// symbols of libtorch are called; their names are those of libtorch 2.10 on Linux and macOS.
/// </summary>
/// <remarks>
/// Meant for CUDA: on the CPU the kernels that are used here give the same bits for the same number of threads anyway. The
/// switches were seen to arrive in libtorch on a CPU; the effect on a GPU was never seen, since none of this ever ran on one.
/// An operation without a deterministic kernel fails at its first call, with a message of libtorch that names it.
/// </remarks>
public static unsafe class Determinism
{
    // cuBLAS takes workspaces from a pool in any order unless told otherwise (cuBLAS documentation, "Results Reproducibility").
    private const string WorkspaceVariable = "CUBLAS_WORKSPACE_CONFIG";
    private const string WorkspaceValue = ":4096:8";

    private const string Wish = "‹Determinism›";
    private const string Remedy = "Run without ‹determinism›.";
    private const string SetAlgorithms = "_ZN2at7Context26setDeterministicAlgorithmsEbb";
    private const string SetCuDnn = "_ZN2at7Context21setDeterministicCuDNNEb";
    private const string GetAlgorithms = "_ZNK2at7Context23deterministicAlgorithmsEv";
    private const string GetCuDnn = "_ZNK2at7Context18deterministicCuDNNEv";

    /// <summary>Whether libtorch is told to be deterministic, as libtorch itself says.</summary>
    /// <exception cref="RefusedException">This libtorch does not have the symbols.</exception>
    public static bool Enabled
    {
        get
        {
            var context = Context();
            return ((delegate* unmanaged[Cdecl]<nint, byte>)Symbol(GetAlgorithms))(context) != 0
                && ((delegate* unmanaged[Cdecl]<nint, byte>)Symbol(GetCuDnn))(context) != 0;
        }
    }

    /// <summary>The same, and false where this libtorch cannot be asked: then it could not be told either.</summary>
    public static bool IsOn => ExportedSymbol.TryFind(GetAlgorithms) is not null && ExportedSymbol.TryFind(GetCuDnn) is not null && Enabled;

    /// <summary>
    /// Tells libtorch, cuDNN and cuBLAS. Call it before the first use of CUDA: cuBLAS reads its variable once. A value of
    /// that variable that the user has set stays.
    /// </summary>
    /// <exception cref="RefusedException">This libtorch does not have the symbols; nothing was changed then.</exception>
    public static void Enable()
    {
        Set(true);
        if (NativeEnvironment.Get(WorkspaceVariable) is null)
            NativeEnvironment.Set(WorkspaceVariable, WorkspaceValue);
    }

    /// <summary>Sets the switches of libtorch alone, so that a test can take them back.</summary>
    internal static void Set(bool deterministic)
    {
        // All are looked up before one is called: half of the switches would be no determinism.
        var (setAlgorithms, setCuDnn, context, value) = (Symbol(SetAlgorithms), Symbol(SetCuDnn), Context(), (byte)(deterministic ? 1 : 0));
        ((delegate* unmanaged[Cdecl]<nint, byte, byte, void>)setAlgorithms)(context, value, 0);
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)setCuDnn)(context, value);
    }

    private static nint Symbol(string name) => ExportedSymbol.Find(name, Wish, Remedy);

    private static nint Context() => ExportedSymbol.GlobalContext(Wish, Remedy);
}
