using System.Runtime.InteropServices;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Loading;

namespace FreezeBench.DeviceChecks;

/// <summary>The functions of libtorch that are called by their exported C++ names. A test holds the list to the sources.</summary>
internal static class SymbolsCheck
{
    internal static IReadOnlyList<string> Names { get; } =
    [
        "_ZN2at13globalContextEv",
        "_ZN2at7Context17setBenchmarkCuDNNEb",
        "_ZNK2at7Context14benchmarkCuDNNEv",
        "_ZN2at7Context26setDeterministicAlgorithmsEbb",
        "_ZN2at7Context21setDeterministicCuDNNEb",
        "_ZNK2at7Context23deterministicAlgorithmsEv",
        "_ZNK2at7Context18deterministicCuDNNEv",
        "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb",
        "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE",
        "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE",
        "_ZN2at8autocast18get_autocast_dtypeEN3c1010DeviceTypeE",
        "_ZN2at8autocast17increment_nestingEv",
        "_ZN2at8autocast17decrement_nestingEv",
        "_ZN2at8autocast11clear_cacheEv",
        "_ZN2at4_ops20_foreach_mul__Scalar4callEN3c108ArrayRefINS_6TensorEEERKNS2_6ScalarE",
        "_ZN2at4_ops20_foreach_div__Scalar4callEN3c108ArrayRefINS_6TensorEEERKNS2_6ScalarE",
        "_ZN2at4_ops20_foreach_add__Scalar4callEN3c108ArrayRefINS_6TensorEEERKNS2_6ScalarE",
        "_ZN2at4_ops18_foreach_add__List4callEN3c108ArrayRefINS_6TensorEEES5_RKNS2_6ScalarE",
        "_ZN2at4_ops24_foreach_addcmul__Scalar4callEN3c108ArrayRefINS_6TensorEEES5_S5_RKNS2_6ScalarE",
        "_ZN2at4_ops24_foreach_addcdiv__Scalar4callEN3c108ArrayRefINS_6TensorEEES5_S5_RKNS2_6ScalarE",
        "_ZN2at4_ops14_foreach_copy_4callEN3c108ArrayRefINS_6TensorEEES5_b",
        "_ZN2at4_ops14_foreach_sqrt_4callEN3c108ArrayRefINS_6TensorEEE",
        "_ZNK2at10TensorBase8_versionEv",
    ];

    internal static CheckFinding Find(CheckedDevice device) => RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        ? CheckFinding.NotApplicable("Windows' names are others, and nothing is called by them")
        : Found(name => ExportedSymbol.TryFind(name) is not null);

    internal static CheckFinding Found(Func<string, bool> isExported)
    {
        var missing = Names.Where(name => !isExported(name)).ToList();
        VerifiedFigure figure = new("symbols", Names.Count - missing.Count) { AtLeast = Names.Count };
        return missing is [] ? CheckFinding.Of(figure) : CheckFinding.Failed($"this libtorch does not export {string.Join(", ", missing)}", figure);
    }
}
