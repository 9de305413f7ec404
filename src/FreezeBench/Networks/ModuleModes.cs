using static TorchSharp.torch;

namespace FreezeBench.Networks;

/// <summary>The train or eval mode of each of some modules, to be given back to them at the end of a stretch of code.</summary>
internal sealed class ModuleModes : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> modes;

    /// <param name="modules">A module before those inside it, as TorchSharp lists them.</param>
    internal ModuleModes(IEnumerable<nn.Module> modules) => modes = [.. modules.Select(module => (module, module.training))];

    /// <summary>All of a module in eval mode, for a stretch of code.</summary>
    internal static ModuleModes Evaluating(nn.Module module)
    {
        var modes = new ModuleModes(module.modules().Prepend(module));
        module.eval();
        return modes;
    }

    /// <summary>Each has its own mode again.</summary>
    public void Dispose()
    {
        // train() sets the modules inside too; they come later in the list.
        foreach (var (module, training) in modes)
            module.train(training);
    }
}
