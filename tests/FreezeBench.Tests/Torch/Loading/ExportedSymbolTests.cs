using FreezeBench.Torch;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public class ExportedSymbolTests
{
    [Fact]
    public void UnknownSymbol_IsSaidClearly_WithTheVersionAndWhatToDo()
    {
        var error = Assert.Throws<RefusedException>(() => ExportedSymbol.Find("_ZN2at7nothingEv", "‹Something›", "Run without it."));
        Assert.StartsWith("Something needs the symbol _ZN2at7nothingEv of ", error.Message, StringComparison.Ordinal);
        Assert.Contains(TorchSharp.torch.__version__, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Run without it.", error.Message, StringComparison.Ordinal);
    }
}
