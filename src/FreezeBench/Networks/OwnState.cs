using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Networks;

/// <summary>
/// What a module has itself, without its children: its own parameters, buffers and mode, as a module for a stage's list. A network with a
/// class token has such parameters beside the modules of its stages.
/// </summary>
/// <remarks>It reads through to the module, whose parameters are new objects after a move to another device.</remarks>
internal sealed class OwnState : nn.Module
{
    // Not a field that TorchSharp's search for components would find: the module would be a child then, and its children with it.
    private readonly Func<nn.Module> owner;

    private OwnState(nn.Module owner) : base(nameof(OwnState)) => this.owner = () => owner;

    /// <summary>The part of a module; the module itself where it has no children.</summary>
    internal static nn.Module Of(nn.Module module) => module.children().Any() ? new OwnState(module) : module;

    public override bool training => owner().training;

    public override void train(bool train = true)
    {
        using var others = new ModuleModes(owner().modules());
        owner().train(train);
    }

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
        owner().named_parameters(recurse: false);

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
        owner().named_buffers(recurse: false, include_nonpersistent);
}
