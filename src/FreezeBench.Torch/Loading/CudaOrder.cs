namespace FreezeBench.Torch.Loading;

/// <summary>
/// The order in which CUDA counts GPUs: by the PCI bus, as the driver's own tools do, unless the user has chosen. CUDA's own order is "fastest
/// first", by which <c>cuda:1</c> is another GPU than <c>nvidia-smi</c>'s 1.
/// </summary>
public static class CudaOrder
{
    private const string Variable = "CUDA_DEVICE_ORDER";
    private const string ByBus = "PCI_BUS_ID";

    /// <summary>Sets it for this process and for those that it starts, before anything calls CUDA: the driver reads it once.</summary>
    public static void Settle()
    {
        if (NativeEnvironment.Get(Variable) is null or "")
            NativeEnvironment.Set(Variable, ByBus);
        // .NET's own copy, which children get.
        Environment.SetEnvironmentVariable(Variable, NativeEnvironment.Get(Variable));
    }
}
