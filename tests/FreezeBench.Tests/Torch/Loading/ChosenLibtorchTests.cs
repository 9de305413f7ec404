using System.Runtime.InteropServices;
using FreezeBench.Torch;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public sealed class ChosenLibtorchTests : IDisposable
{
    private static readonly NativePlatform linux = NativePlatform.For("linux", Architecture.X64);

    private readonly Temporary temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void NothingNamed_IsThePackagesOwn() => Assert.Null(ChosenLibtorch.Find(null, linux));

    [Theory]
    [InlineData("torch/lib", "torch/lib")]
    [InlineData("torch", "torch/lib")]
    public void FolderOfTheLibraries_OrTheOneAroundIt_IsTaken(string named, string found)
    {
        Make("torch/lib/libc10.so", "torch/lib/libtorch_cpu.so", "torch/lib/libtorch.so");

        Assert.Equal(new ChosenLibtorch(temporary.PathOf(found)), ChosenLibtorch.Find(temporary.PathOf(named), linux));
    }

    [Fact]
    public void EmptyVariable_IsRefused_SinceAnUnsetOneOfAShellGivesIt() =>
        Assert.StartsWith("FREEZEBENCH_LIBTORCH is empty; an unset variable of a shell gives that. Unset it, or set it to the folder ", Refusal(""), StringComparison.Ordinal);

    [Fact]
    public void MissingFolder_File_AndEmptyFolder_AreRefused_EachWithItsReason()
    {
        Make("empty/file");
        File.Delete(temporary.PathOf("empty/file"));
        Make("file");

        Assert.Contains("nowhere', and there is no such folder. Set it to the folder of an installed PyTorch's libraries, such as site-packages/torch/lib,", Refusal(temporary.PathOf("nowhere")), StringComparison.Ordinal);
        Assert.Contains("file', and it is a file. ", Refusal(temporary.PathOf("file")), StringComparison.Ordinal);
        Assert.Contains("empty', and neither it nor its folder lib has a libtorch_cpu.so. ", Refusal(temporary.PathOf("empty")), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingLibraries_AreNamed()
    {
        Make("lib/libtorch_cpu.so");

        Assert.Contains($"', and libc10.so, libtorch.so is missing in {temporary.PathOf("lib")}. ", Refusal(temporary.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherPlatform_IsRefused()
    {
        var message = Assert.Throws<RefusedException>(() => ChosenLibtorch.Find("x", NativePlatform.For("win", Architecture.X64))).Message;

        Assert.Equal("FREEZEBENCH_LIBTORCH is set, which is for linux-x64 alone; this process runs as win-x64. Unset it.", message);
    }

    [Fact]
    public void CudaIsThere_WhereItsLibraryIs()
    {
        Make("lib/libtorch.so");
        var chosen = new ChosenLibtorch(temporary.PathOf("lib"));
        Assert.Equal("cpu", chosen.Backend);

        Make("lib/libtorch_cuda.so");
        Assert.Equal("cuda", chosen.Backend);
    }

    [Fact]
    public void PackagesOfCuda_LieBesideThatOfTorch()
    {
        Make("torch/lib/libtorch.so", "nvidia/cu13/lib/libcublas.so.13", "nvidia/cudnn/lib/libcudnn.so.9", "nvidia/empty/readme", "torch.libs/libgomp.so.1");

        Assert.Equal(
            ["torch/lib", "nvidia/cu13/lib", "nvidia/cudnn/lib", "torch.libs"],
            new ChosenLibtorch(temporary.PathOf("torch/lib")).LibraryFolders.Select(folder => Path.GetRelativePath(temporary.Folder, folder)));
    }

    private static string Refusal(string value) => Assert.Throws<RefusedException>(() => ChosenLibtorch.Find(value, linux)).Message;

    private void Make(params string[] files)
    {
        foreach (var path in files.Select(temporary.PathOf))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }
}
