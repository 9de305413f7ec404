using FreezeBench.Torch;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public class LibtorchVersionTests
{
    [Theory]
    // PyTorch 2.6 of Debian 13, 1.13 of Debian 12, and PyTorch's own of 2.10.
    [InlineData("torch/version.py", "from typing import Optional\n\n__all__ = ['__version__', 'debug']\n__version__ = '2.6.0+debian'\n", "2.6.0+debian")]
    [InlineData("torch/version.py", "__version__ = '1.13.0a0'\ndebug = False\n", "1.13.0a0")]
    [InlineData("torch/version.py", "__version__: str = \"2.10.0+cu130\"\n", "2.10.0+cu130")]
    [InlineData("torch/build-version", "2.10.0+cpu\n", "2.10.0+cpu")]
    [InlineData("torch/version.py", "debug = False\n", null)]
    [InlineData("torch/readme", "2.10.0", null)]
    public void FilesAroundTheLibraries_SayTheVersion(string file, string text, string? version)
    {
        using var libtorch = new ForeignLibtorch().With(file, text);

        Assert.Equal(version, LibtorchVersion.Stated(libtorch.Folder));
    }

    [Fact]
    public void Code_SaysTheVersion_OfTheLibtorchThatIsLoaded()
    {
        Assert.Equal(TorchSharp.torch.__version__, $"{LibtorchVersion.Coded(TorchLibrary.LibtorchCpu(NativePlatform.Current()))}.0");
        Assert.Equal(TorchSharp.torch.__version__, TorchLibrary.Version);
    }

    [Theory]
    [InlineData("2.10.0+cu130", "2.10.0", "2.10.0+cu130")]
    [InlineData("2.11.0", "2.11.0", "2.11.0")]
    [InlineData("2.6.0+debian", null, "2.6.0+debian")]
    [InlineData(null, "2.10.0", "2.10.0.0")]
    [InlineData(null, "2.11.1", "2.11.1.0")]
    public void Version_IsThatOfTheFiles_OrOfTheCode(string? stated, string? coded, string version)
    {
        using var libtorch = new ForeignLibtorch();

        Assert.Equal(version, LibtorchVersion.Of(stated, coded, libtorch.Chosen));
    }

    [Fact]
    public void LibrariesForCudaAlone_AreToldFromThePackages()
    {
        using var libtorch = new ForeignLibtorch().With("torch/lib/libtorch_cuda.so", "");

        Assert.Equal("2.10.0.0+cuda", LibtorchVersion.Of(null, "2.10.0", libtorch.Chosen));
    }

    [Theory]
    [InlineData("2.11.0+cu130", "2.10.0", "is 2.10.0 by its code and 2.11.0+cu130 by the file beside it: two installations are mixed. Install it anew.")]
    [InlineData("2.10.01", "2.10.0", "is 2.10.0 by its code and 2.10.01 by the file beside it")]
    [InlineData(null, null, "does not say its version, and rows would not tell which one it was.")]
    public void VersionThatIsNotCertain_IsRefused(string? stated, string? coded, string message)
    {
        using var libtorch = new ForeignLibtorch();

        Assert.Contains(message, Assert.Throws<RefusedException>(() => LibtorchVersion.Of(stated, coded, libtorch.Chosen)).Message, StringComparison.Ordinal);
    }
}
