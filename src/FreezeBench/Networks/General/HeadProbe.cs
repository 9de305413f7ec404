using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Networks.General;

/// <summary>One pass of two images through a module, to see what its head gets and whether it can be run in two stages.</summary>
internal static class HeadProbe
{
    private const int Images = 2;

    /// <summary>Numbers that the head gets for each image.</summary>
    /// <remarks>
    /// In eval mode and without a graph, so no running statistics move; modes and the state of libtorch's global generator on the CPU are
    /// given back.
    /// </remarks>
    /// <exception cref="UserErrorException">It cannot be run in two stages, gives no [N, classes] logits, or throws.</exception>
    internal static int FeaturesOf(nn.Module<Tensor, Tensor> module, string headName, nn.Module<Tensor, Tensor> head, int classes, int resolutionPx)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var modes = ModuleModes.Evaluating(module);
        var parameter = module.parameters().First();
        var generator = random.get_rng_state();
        List<(long Features, Tensor Output)> calls = [];
        // A copy: what follows the head may overwrite its output.
        var hook = head.register_forward_hook((_, input, output) =>
        {
            calls.Add((input.numel() / Images, output.clone().DetachFromDisposeScope()));
            return output;
        });
        try
        {
            // Not zeros, from which what is added to the head's output may be zeros too; and no random numbers.
            var images = linspace(-2, 2, Images * 3L * resolutionPx * resolutionPx, parameter.dtype, parameter.device);
            var shaped = images.reshape(Images, 3, resolutionPx, resolutionPx);
            var logits = ModuleFault.Told($"{module.GetType().Name} does not take {Images} images of {resolutionPx} px, [{string.Join(", ", shaped.shape)}]", () => module.call(shaped));
            Check(module, headName, classes, logits, calls);
            return (int)calls[0].Features;
        }
        finally
        {
            hook.remove();
            calls.ForEach(call => call.Output.Dispose());
            random.set_rng_state(generator);
        }
    }

    private static void Check(nn.Module module, string headName, int classes, Tensor logits, List<(long Features, Tensor Output)> calls)
    {
        var name = module.GetType().Name;
        if (logits.dim() != 2 || logits.size(0) != Images)
            throw new UserErrorException($"{name} gives [{string.Join(", ", logits.shape)}] for {Images} images; logits are [{Images}, classes].");
        if (logits.size(1) != classes)
            throw new UserErrorException($"{name} was to be built for {classes} classes, but gives {logits.size(1)} logits for each image. Let it take the number of classes that it is asked for.");
        if (calls is [])
            throw new UserErrorException($"{name} does not call its '{headName}' in a forward pass. Name the part that makes the logits.");
        if (calls is [_, _, ..])
            throw new UserErrorException($"{name} calls its '{headName}' {calls.Count} times in a forward pass; a head is called once. Name the part that makes the logits.");
        if (!logits.shape.SequenceEqual(calls[0].Output.shape) || !logits.allclose(calls[0].Output, rtol: 0, atol: 0, equal_nan: true))
            throw new UserErrorException($"{name} goes on after its '{headName}': its output is not the head's. Name the last part as the head, or let the module return the logits.");
    }
}
