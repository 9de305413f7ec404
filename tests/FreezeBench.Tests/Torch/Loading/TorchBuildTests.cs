using System.Reflection;
using System.Reflection.Emit;
using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public class TorchBuildTests
{
    [Fact]
    public void Stamp_IsThePrograms_ElseTheLibrarys()
    {
        Assembly cpu = Stamped("cpu"), cuda = Stamped("cuda"), none = Stamped(null);

        Assert.Equal("cuda", TorchBuild.Of(cuda, cpu));
        Assert.Equal("cpu", TorchBuild.Of(cpu, cuda));
        Assert.Equal("cuda", TorchBuild.Of(none, cuda));
        Assert.Equal("cuda", TorchBuild.Of(null, cuda));
    }

    private static AssemblyBuilder Stamped(string? backend)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("made-up"), AssemblyBuilderAccess.Run);
        if (backend is not null)
            assembly.SetCustomAttribute(new CustomAttributeBuilder(typeof(AssemblyMetadataAttribute).GetConstructor([typeof(string), typeof(string)])!, ["TorchBackend", backend]));
        return assembly;
    }
}
