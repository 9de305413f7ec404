using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Results;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>
/// Steps of one image under BatchNorm that goes by the batch. Where a layer sees one pixel of it, each channel has one value, whose
/// variance is nothing: what libtorch's functions make of it is not a number, and PyTorch refuses it.
/// </summary>
public static class LoneImage
{
    /// <summary>Refuses a training whose steps have one image where BatchNorm needs more.</summary>
    /// <param name="network">Built anew on the CPU, and only where there is such a step.</param>
    /// <param name="policies">What trains; BatchNorm in eval mode minds nothing.</param>
    /// <param name="classes">Of the head.</param>
    /// <param name="resolutionPx">Height and width that the network sees, in pixels.</param>
    /// <param name="images">Images of an epoch.</param>
    /// <param name="batchSize">Images per step; an image that is left over is never alone (<see cref="BatchSource"/>).</param>
    /// <exception cref="UserErrorException">There is such a step; sizes, policy and layer are named.</exception>
    public static void ThrowIfNormalised(Network network, IEnumerable<FreezingPolicy> policies, int classes, int resolutionPx, int images, int batchSize)
    {
        if (images > 1 && batchSize > 1)
            return;
        foreach (var policy in policies.Distinct())
            if (FirstOfOneValue(network, policy, classes, resolutionPx) is { } layer)
                throw new UserErrorException($"{(images > 1 ? $"‹The batch size› is {batchSize}" : $"There is {images} image to train on")}: under {policy} {network} at {resolutionPx} px cannot train on one image at a time, "
                    + $"since BatchNorm '{layer}' gets one value per channel, which has no variance. Give {(images > 1 ? "‹batch size› 2 or more" : "two images or more")}, a larger ‹resolution›, or a policy under which BatchNorm stays as it is, such as frozen.");
    }

    // Seen in a pass, since every network has its own way to its last pixel.
    private static string? FirstOfOneValue(Network network, FreezingPolicy policy, int classes, int resolutionPx)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        // What is drawn after it in this process must not depend on it.
        using var generator = random.get_rng_state();
        List<string> found = [];
        try
        {
            using var built = network.Build(classes, resolutionPx, KernelSet.Plain);
            using var under = new PolicyNetwork(built, policy);
            foreach (var (name, module) in built.Module.named_modules())
                if (module is BatchNorm2d or BatchNorm1d && module is nn.Module<Tensor, Tensor> layer)
                    layer.register_forward_pre_hook((self, input) =>
                    {
                        if (self.training && input.numel() == input.size(1))
                            found.Add(name);
                        return input;
                    });
            under.Forward(zeros(1, 3, resolutionPx, resolutionPx));
        }
        finally
        {
            random.set_rng_state(generator);
        }
        return found.FirstOrDefault();
    }
}
