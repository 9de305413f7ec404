using FreezeBench.Torch.Hardware;
using FreezeBench.Torch.Loading;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public class TorchLibraryTests
{
    [Fact]
    public void LoadedLibrary_Computes()
    {
        Parallel.For(0, 8, _ => TorchLibrary.Load());
        using var ones = torch.ones(2);
        using var sum = ones.sum();

        Assert.Equal(2f, sum.item<float>());
    }

    [Fact]
    public void ShippedLibrary_StaysAsItIs_SinceItIsThePackageCachesOwn()
    {
        Assert.SkipUnless(File.Exists(NativeFolder.RealLibraryPath), "TorchSharp's Linux library is not in this output folder.");
        TorchLibrary.Load();

        Assert.All(new ElfImage(NativeFolder.RealLibrary).NeededVersions(), need => Assert.Equal(0, need.Flags));
    }

    [Fact]
    public void Threads_AreSetAndReported()
    {
        var before = torch.get_num_threads();
        try
        {
            TorchSettings.SetThreads(1);
            Assert.Equal(1, torch.get_num_threads());
        }
        finally
        {
            TorchSettings.SetThreads(before);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => TorchSettings.SetThreads(0));
    }
}
