using System.Runtime.InteropServices;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public unsafe class NnpackTests
{
    private static readonly NativePlatform platform = NativePlatform.Current();
    private static readonly string cpu = TorchLibrary.LibtorchCpu(platform);
    private static readonly string c10 = Path.Combine(Path.GetDirectoryName(cpu)!, platform.FileName("c10"));

    [Fact]
    public void Nnpack_IsOnWhereItCanBeUsed_AndOffWhereEveryConvolutionWouldComplain()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows spells the names of C++ otherwise.");
        var enabled = ((delegate* unmanaged[Cdecl]<nint, byte>)Export(cpu, "_ZNK2at7Context17userEnabledNNPACKEv"))(
            ((delegate* unmanaged[Cdecl]<nint>)Export(cpu, "_ZN2at13globalContextEv"))());

        Assert.Equal(Nnpack.SwitchOffWhereUseless(cpu, c10), enabled != 0);
    }

    [Fact]
    public void QuestionWhetherItCanBeUsed_LeavesTheOtherMessagesOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows spells the names of C++ otherwise.");
        var level = (int*)Export(c10, "FLAGS_caffe2_log_level");
        var before = *level;

        Assert.NotNull(Nnpack.SwitchOffWhereUseless(cpu, c10));

        Assert.Equal(before, *level);
        Assert.InRange(before, 0, 1);
    }

    [Fact]
    public void LibraryWithoutTheSymbols_IsLeftAsItIs() => Assert.Null(Nnpack.SwitchOffWhereUseless(c10, c10));

    private static nint Export(string library, string name) => NativeLibrary.GetExport(NativeLibrary.Load(library), name);
}
