using System.Runtime.InteropServices;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public class NnpackTests
{
    private const string WindowsNames = "Windows spells the names of C++ otherwise.";

    private static readonly NativePlatform platform = NativePlatform.Current();
    private static readonly string cpu = TorchLibrary.LibtorchCpu(platform);
    private static readonly string c10 = Path.Combine(Path.GetDirectoryName(cpu)!, platform.FileName("c10"));

    private delegate nint Context();

    [return: MarshalAs(UnmanagedType.U1)]
    private delegate bool IsEnabled(nint context);

    [Fact]
    public void Nnpack_IsOnWhereItCanBeUsed_AndOffWhereEveryConvolutionWouldComplain()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), WindowsNames);
        var context = Marshal.GetDelegateForFunctionPointer<Context>(Export(cpu, "_ZN2at13globalContextEv"))();
        var enabled = Marshal.GetDelegateForFunctionPointer<IsEnabled>(Export(cpu, "_ZNK2at7Context17userEnabledNNPACKEv"))(context);

        Assert.Equal(Nnpack.SwitchOffWhereUseless(cpu, c10), enabled);
    }

    [Fact]
    public void QuestionWhetherItCanBeUsed_LeavesTheOtherMessagesOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), WindowsNames);
        var level = Export(c10, "FLAGS_caffe2_log_level");
        var before = Marshal.ReadInt32(level);

        Assert.NotNull(Nnpack.SwitchOffWhereUseless(cpu, c10));

        // libtorch begins with 1, its warnings.
        Assert.Equal((before, 1), (Marshal.ReadInt32(level), before));
    }

    [Fact]
    public void LibraryWithoutTheSymbols_IsLeftAsItIs() => Assert.Null(Nnpack.SwitchOffWhereUseless(c10, c10));

    private static nint Export(string library, string name) => NativeLibrary.GetExport(NativeLibrary.Load(library), name);
}
