using static TorchSharp.torch;

namespace FreezeBench.Networks.General;

/// <summary>Ends a module's forward pass in front of its head, to get the head's input.</summary>
internal sealed class HeadInput : IDisposable
{
    private readonly nn.HookableModule<Func<nn.Module<Tensor, Tensor>, Tensor, Tensor>, Func<nn.Module<Tensor, Tensor>, Tensor, Tensor, Tensor>>.HookRemover hook;
    private bool wanted;
    private Tensor? found;

    // The hook stays, so that it comes before all that others add later: those change the input when the head is called with it.
    internal HeadInput(nn.Module<Tensor, Tensor> head) => hook = head.register_forward_pre_hook((_, input) => wanted ? throw Take(input) : input);

    /// <summary>What the head would get.</summary>
    /// <returns>In the caller's dispose scope.</returns>
    internal Tensor Of(nn.Module<Tensor, Tensor> module, Tensor images)
    {
        using var scope = NewDisposeScope();
        wanted = true;
        try
        {
            module.call(images);
        }
        catch (HeadReachedException)
        {
            // Thrown by the hook, where the wanted input is.
        }
        finally
        {
            wanted = false;
        }
        var result = found ?? throw new InvalidOperationException("The head was not called in this forward pass, though it was in the first.");
        found = null;
        scope.Attach(result);
        return result.MoveToOuterDisposeScope();
    }

    public void Dispose() => hook.remove();

    // Another handle of the input, which the scopes that are left on the way out do not know.
    private HeadReachedException Take(Tensor input)
    {
        wanted = false;
        found = input.alias().DetachFromDisposeScope();
        return new();
    }

    private sealed class HeadReachedException() : Exception("The head is reached.");
}
