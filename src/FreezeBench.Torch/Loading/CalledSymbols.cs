namespace FreezeBench.Torch.Loading;

/// <summary>
/// The functions of libtorch that FreezeBench calls past TorchSharp (<see cref="ExportedSymbol"/>). Of the packages' libtorch it is known
/// which of them there are; one that the user names is asked for all of them before anything is measured.
/// </summary>
internal static class CalledSymbols
{
    /// <summary>Names as libtorch on Linux exports them. A test holds this list against the sources.</summary>
    internal static IReadOnlyList<string> All { get; } =
    [
        "_ZN2at13globalContextEv",
        "_ZN2at4_ops14_foreach_copy_4callEN3c108ArrayRefINS_6TensorEEES5_b",
        "_ZN2at4_ops14_foreach_sqrt_4callEN3c108ArrayRefINS_6TensorEEE",
        "_ZN2at4_ops17_nnpack_available4callEv",
        "_ZN2at4_ops18_foreach_add__List4callEN3c108ArrayRefINS_6TensorEEES5_RKNS2_6ScalarE",
        "_ZN2at4_ops20_foreach_add__Scalar4callEN3c108ArrayRefINS_6TensorEEERKNS2_6ScalarE",
        "_ZN2at4_ops20_foreach_div__Scalar4callEN3c108ArrayRefINS_6TensorEEERKNS2_6ScalarE",
        "_ZN2at4_ops20_foreach_mul__Scalar4callEN3c108ArrayRefINS_6TensorEEERKNS2_6ScalarE",
        "_ZN2at4_ops24_foreach_addcdiv__Scalar4callEN3c108ArrayRefINS_6TensorEEES5_S5_RKNS2_6ScalarE",
        "_ZN2at4_ops24_foreach_addcmul__Scalar4callEN3c108ArrayRefINS_6TensorEEES5_S5_RKNS2_6ScalarE",
        "_ZN2at7Context17setBenchmarkCuDNNEb",
        "_ZN2at7Context20setUserEnabledNNPACKEb",
        "_ZN2at7Context21setDeterministicCuDNNEb",
        "_ZN2at7Context26setDeterministicAlgorithmsEbb",
        "_ZN2at8autocast11clear_cacheEv",
        "_ZN2at8autocast17decrement_nestingEv",
        "_ZN2at8autocast17increment_nestingEv",
        "_ZN2at8autocast18get_autocast_dtypeEN3c1010DeviceTypeE",
        "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE",
        "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE",
        "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb",
        "_ZNK2at10TensorBase8_versionEv",
        "_ZNK2at7Context14benchmarkCuDNNEv",
        "_ZNK2at7Context18deterministicCuDNNEv",
        "_ZNK2at7Context23deterministicAlgorithmsEv",
    ];
}
